// Exchanges whose client is a WebSocket, while both sides are there.
#include <gmock/gmock.h>

#include "engine/exchange/realtime_fixture.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using http::testing::kTuple;
using test::answering;
using test::FixtureProvider;
using test::problem;
using test::RealtimeTest;
using test::ScriptedServer;
using test::Server;
using test::serving;
using test::Surface;
using test::talk;
using testing::ElementsAre;
using testing::HasSubstr;
namespace asio = boost::asio;

TEST_F(RealtimeTest, frames_go_both_ways_and_the_client_ends_it) {
    const FixtureProvider fixture("relays_frames");
    std::string end;
    ScriptedServer server(loop.io, answering(end));
    const Session session = run(fixture, &server, "m", talk({"a", "b"}, 2, 1000));
    EXPECT_EQ(problem(session.error), "");
    EXPECT_THAT(session.got, ElementsAre("up:a", "up:b"));
    EXPECT_EQ(session.end.code, 1000);
    loop.until([&] { return server.finished() == 1; });
    EXPECT_EQ(end, "end 1000");
    ASSERT_EQ(session.notes.size(), 1u);
    EXPECT_EQ(session.notes[0].json, R"({"failure":0,"code":1000})");
}

TEST_F(RealtimeTest, what_is_sent_before_a_socket_is_open_waits_for_it) {
    const FixtureProvider fixture("relays_frames");
    std::string end;
    ScriptedServer server(loop.io, answering(end));
    const Session session = run(fixture, &server, "early", talk({}, 2, 4999));
    EXPECT_EQ(problem(session.error), "");
    EXPECT_THAT(session.got, testing::UnorderedElementsAre("hello", "up:hello"));
    loop.until([&] { return server.finished() == 1; });
    EXPECT_EQ(end, "end 4999");
}

TEST_F(RealtimeTest, a_machine_that_waits_for_its_client_is_not_stalled) {
    const FixtureProvider fixture("relays_frames");
    const Session session = run(fixture, nullptr, "alone", talk({"x"}, 1, 1000));
    EXPECT_EQ(problem(session.error), "");
    EXPECT_THAT(session.got, ElementsAre("x"));
}

TEST_F(RealtimeTest, a_machine_that_waits_for_nothing_is_stalled) {
    const FixtureProvider fixture("relays_frames");
    ScriptedServer server(loop.io, test::always(test::whole(500, "")));
    const Session session = run(fixture, &server, "mute", talk({}));
    ASSERT_TRUE(session.error);
    EXPECT_THAT(session.error->message, HasSubstr("stalled"));
}

TEST_F(RealtimeTest, refused_actions_have_a_status) {
    const FixtureProvider fixture("relays_frames");
    const Session session = run(fixture, nullptr, "alone", talk({"text", "again"}, 2, 1000));
    EXPECT_THAT(session.got, ElementsAre("status " + std::to_string(BAY_E_INVALID),
                                         "status " + std::to_string(BAY_E_STATE)));
}

TEST_F(RealtimeTest, more_than_may_wait_to_be_sent_is_a_fault) {
    const FixtureProvider fixture("relays_frames");
    const Session session = run(fixture, nullptr, "alone", talk({"flood"}));
    ASSERT_TRUE(session.error);
    EXPECT_THAT(session.error->message,
                HasSubstr("went over the limit of bytes that wait to be sent"));
}

// The upstream sends as fast as it can and the user does not read: what is in the gateway stays
// bounded, and nothing is lost.
TEST_F(RealtimeTest, a_slow_client_holds_back_the_upstream) {
    const FixtureProvider fixture("relays_frames");
    constexpr std::size_t kPiece = 1u << 20;
    constexpr int kPieces = 48;
    int sent = 0;
    ScriptedServer server(loop.io, serving([&](Server& s) -> asio::awaitable<void> {
                              const std::string piece(kPiece, 'x');
                              for (; sent < kPieces; ++sent) {
                                  auto [ec, size] =
                                      co_await s.async_write(asio::buffer(piece), kTuple);
                                  if (ec) co_return;
                              }
                              co_await s.async_close({}, kTuple);
                          }));
    int sent_while_held = 0;
    std::size_t got = 0;
    const Session session =
        run(fixture, &server, "m",
            [&](http::WebSocket& socket, std::vector<std::string>&) -> asio::awaitable<void> {
                // Until nothing moves any more.
                asio::steady_timer pause(loop.io);
                for (int before = -1; before != sent;) {
                    before = sent;
                    pause.expires_after(100ms);
                    co_await pause.async_wait(asio::use_awaitable);
                }
                sent_while_held = sent;
                for (;;) {
                    const auto message = co_await socket.read();
                    if (!message) co_return;
                    got += message->data.size();
                }
            });
    EXPECT_EQ(problem(session.error), "");
    EXPECT_LT(sent_while_held, kPieces / 2);
    EXPECT_EQ(got, kPiece * kPieces);
}

TEST_F(RealtimeTest, an_origin_that_is_not_on_the_list_is_not_called) {
    const FixtureProvider fixture("relays_frames");
    Surface surface(context().loop);
    ExchangeRequest r = request("http://own.example", "elsewhere", false);
    r.client = &surface;
    const auto error = ExchangeTest::run(fixture, r);
    ASSERT_TRUE(error);
    EXPECT_THAT(error->message,
                HasSubstr("may not call wss://other.example, which is not on its egress list"));
}

}  // namespace
}  // namespace patchbay
