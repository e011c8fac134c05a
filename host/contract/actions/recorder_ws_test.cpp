// Sockets that are recorded: the order of their actions, and their bounds.
#include "contract/actions/recorder_fixture.hpp"

namespace patchbay {
namespace {

using test::RecorderTest;
using test::str;

TEST_F(RecorderTest, sockets_are_opened_sent_to_and_closed_in_that_order) {
    Recorder realtime(Role::realtime, &sink, {}, false);
    bay_out& out = realtime.out();
    const auto open = [&](std::uint32_t call, std::string_view url) {
        const bay_ws_req ws{.size = sizeof ws,
                            .call = call,
                            .flags = 0,
                            .idle_ms = 0,
                            .url = str(url),
                            .headers = nullptr,
                            .header_count = 0,
                            .subprotocols = {nullptr, 0}};
        return out.ws_open(&out, &ws);
    };
    EXPECT_EQ(out.ws_open(&out, nullptr), BAY_E_INVALID);
    EXPECT_EQ(open(0, "wss://h/"), BAY_E_INVALID);
    EXPECT_EQ(open(1, "https://h/"), BAY_E_INVALID);
    EXPECT_EQ(out.ws_send(&out, 1, BAY_WS_TEXT, str("x")), BAY_E_STATE);
    EXPECT_EQ(out.ws_send(&out, 0, BAY_WS_TEXT, str("x")), BAY_E_STATE);
    EXPECT_EQ(open(1, "wss://h/"), BAY_OK);
    EXPECT_EQ(open(1, "wss://h/"), BAY_E_INVALID);
    EXPECT_EQ(out.ws_send(&out, 1, BAY_WS_TEXT, str("x")), BAY_OK);
    EXPECT_EQ(out.ws_send(&out, 1, 9, str("x")), BAY_E_INVALID);
    EXPECT_EQ(out.ws_send(&out, 1, BAY_WS_TEXT, str("\xff")), BAY_E_INVALID);
    EXPECT_EQ(out.ws_send(&out, 1, BAY_WS_BINARY, str("\xff")), BAY_OK);
    EXPECT_EQ(out.want(&out, BAY_WANT_CLIENT_FRAMES), BAY_OK);
    EXPECT_EQ(out.want(&out, BAY_WANT_CLIENT_FRAMES), BAY_E_STATE);
    EXPECT_EQ(out.ws_close(&out, 0, 1000, str("")), BAY_OK);
    EXPECT_EQ(out.ws_send(&out, 0, BAY_WS_TEXT, str("x")), BAY_E_STATE);
    EXPECT_EQ(out.ws_close(&out, 0, 1000, str("")), BAY_E_STATE);
    bay_ev_ws end{};
    end.h = {sizeof end, BAY_EV_WS_CLOSE};
    end.call = 1;
    realtime.begin_socket_event(end.h, 0);
    EXPECT_EQ(out.ws_send(&out, 1, BAY_WS_TEXT, str("x")), BAY_E_STATE);
    EXPECT_EQ(out.result(&out, str("{}")), BAY_E_STATE);
    EXPECT_EQ(out.chunk(&out, {}, str("{}")), BAY_E_STATE);
    EXPECT_EQ(out.done(&out), BAY_OK);
    EXPECT_EQ(open(2, "wss://h/"), BAY_E_STATE);
    EXPECT_EQ(realtime.exceeded(), nullptr);
}

TEST_F(RecorderTest, sockets_are_bounded) {
    Recorder realtime(Role::realtime, &sink, {}, false);
    bay_out& out = realtime.out();
    bay_ws_req ws{};
    ws.size = sizeof ws;
    ws.url = str("wss://h/");
    for (std::size_t i = 0; i < Recorder::kMaxSockets; ++i) {
        ws.call = static_cast<std::uint32_t>(i + 1);
        EXPECT_EQ(out.ws_open(&out, &ws), BAY_OK);
    }
    ++ws.call;
    EXPECT_EQ(out.ws_open(&out, &ws), BAY_E_LIMIT);
    EXPECT_STREQ(realtime.exceeded(), "sockets of an exchange");
    for (std::size_t i = 0; i < Recorder::kMaxFrames; ++i) {
        ASSERT_EQ(out.ws_send(&out, 1, BAY_WS_TEXT, str("")), BAY_OK);
    }
    EXPECT_EQ(out.ws_send(&out, 1, BAY_WS_TEXT, str("")), BAY_E_LIMIT);
    EXPECT_STREQ(realtime.exceeded(), "frames at a time");
    // What the sockets still have to send counts.
    realtime.actions().clear();
    const bay_event event{sizeof event, BAY_EV_TIMER};
    realtime.begin_socket_event(event, Recorder::kMaxFrameBytes - 10);
    EXPECT_EQ(out.ws_send(&out, 1, BAY_WS_TEXT, str("0123456789")), BAY_OK);
    EXPECT_EQ(out.ws_send(&out, 1, BAY_WS_TEXT, str("x")), BAY_E_LIMIT);
    EXPECT_STREQ(realtime.exceeded(), "bytes that wait to be sent");
}

TEST_F(RecorderTest, only_a_realtime_exchange_has_a_client_to_accept) {
    bay_out& out = streamed.out();
    EXPECT_EQ(out.want(&out, BAY_WANT_CLIENT_FRAMES), BAY_E_STATE);
    bay_out& r = refresh.out();
    bay_ws_req ws{};
    ws.size = sizeof ws;
    ws.call = 1;
    ws.url = str("wss://h/");
    EXPECT_EQ(r.ws_open(&r, &ws), BAY_E_UNSUPPORTED);
}

}  // namespace
}  // namespace patchbay
