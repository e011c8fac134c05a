// Sessions of WebSockets.
#include <gtest/gtest.h>

#include "player_case.hpp"
#include "write.hpp"

namespace patchbay::transcript {
namespace {

class SocketsTest : public ::testing::TestWithParam<Case> {};

TEST_P(SocketsTest, plays) {
    expect_as_told(GetParam());
}

std::string target(const std::string& model) {
    return "== target\n{\"model\":\"" + model +
           "\",\"base_url\":\"https://up\"}\n== request operation=realtime\n{}\n";
}

const std::string kAsked = target("m") + "== expect ws_open wss://up/live\n";
const std::string kOpen = kAsked + "== ws-open\n== expect accept\n";

INSTANTIATE_TEST_SUITE_P(
    Sessions, SocketsTest,
    ::testing::Values(
        Case{"messages_both_ways_and_both_ends", "relays_frames",
             target("m") + "== expect ws_open wss://up/live\nauthorization: Bearer upstream\n"
                           "sec-websocket-protocol: realtime\n"
                           "== ws-open realtime\n== expect accept\n"
                           "== ws-frame\n{\"a\":1}\n== expect ws_send client\n{ \"a\": 1 }\n"
                           "== ws-frame\nno JSON\n== expect ws_send client call=0\nno JSON\n"
                           "== client-frame binary base64\nAAEC\n"
                           "== expect ws_send upstream call=1 base64 binary\nAAEC\n"
                           "== client-frame\n== expect ws_send upstream\n"
                           "== client-close 4000\ntired\n== expect note client_close\n"
                           "{\"failure\":0,\"code\":4000}\n== ws-close 1000\n",
             ""},
        Case{"a_file_may_end_before_the_session", "relays_frames", kOpen, ""},
        Case{"a_handshake_that_is_refused", "relays_frames",
             kAsked + "== ws-close 401 failure=connect\nno key\n== expect fail\n"
                      "{\"message\":\"failure 1, code 401: no key\"}\n",
             ""},
        Case{"a_host_that_cannot_be_reached", "relays_frames",
             kAsked + "== ws-close failure=connect\nrefused\n== expect fail\n"
                      "{\"message\":\"failure 1, code 0: refused\"}\n",
             ""},
        Case{"a_socket_that_breaks", "relays_frames",
             kOpen + "== ws-close failure=reset\ngone\n== expect fail\n"
                     "{\"message\":\"failure 3, code 1006: gone\"}\n",
             ""},
        Case{"the_end_of_the_machine", "relays_frames",
             kOpen + "== client-frame\ndone\n== expect ws_send client\nlast\n== expect done\n", ""},
        Case{"a_close_of_the_machine", "relays_frames",
             kOpen + "== client-frame\nclose\n== expect ws_close client 4001\nas asked\n", ""},
        Case{"the_client_first", "relays_frames",
             target("early") +
                 "== expect accept\n== expect ws_open wss://up/live\n"
                 "== expect ws_send upstream\nhello\n== expect ws_send client\nhello\n"
                 "== client-frame\nx\n== expect ws_send upstream\nx\n== ws-open\n",
             ""},
        Case{"no_upstream_at_all", "relays_frames",
             target("alone") + "== expect accept\n== client-frame\nx\n== expect ws_send client\nx\n"
                               "== client-close failure=reset\n== expect note client_close\n"
                               "{\"failure\":3,\"code\":1006}\n",
             ""}),
    [](const auto& one) { return one.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Differences, SocketsTest,
    ::testing::Values(
        Case{"another_url", "relays_frames", target("m") + "== expect ws_open wss://up/dead\n",
             "expected wss://up/dead\n      got      wss://up/live"},
        Case{"another_header", "relays_frames", kAsked + "authorization: none\n",
             "header authorization: expected 'none', got 'Bearer upstream'"},
        Case{"another_message", "relays_frames",
             kOpen + "== ws-frame\nx\n== expect ws_send client\ny\n",
             "expected y\n      got      x"},
        Case{"another_document", "relays_frames",
             kOpen + "== ws-frame\n{\"a\":1}\n== expect ws_send client\n{\"a\":2}\n",
             "at /a:\n      expected 2\n      got      1"},
        Case{"another_end", "relays_frames",
             kOpen + "== ws-frame\nx\n== expect ws_send upstream\nx\n",
             "expected one for the upstream\n    got ws_send client x"},
        Case{"another_socket", "relays_frames",
             kOpen + "== client-frame\nx\n== expect ws_send upstream call=2\nx\n",
             "expected call 2"},
        Case{"text_for_bytes", "relays_frames",
             kOpen + "== ws-frame\nx\n== expect ws_send client binary\nx\n",
             "expected a binary message"},
        Case{"another_code", "relays_frames",
             kOpen + "== client-frame\nclose\n== expect ws_close client 1000\n",
             "expected code 1000, got 4001"},
        Case{"what_is_no_text", "relays_frames", kOpen + "== client-frame\ntext\n",
             "refused not valid: ws_send client base64 /w=="},
        Case{"the_client_again", "relays_frames", kOpen + "== client-frame\nagain\n",
             "refused not allowed here: accept"},
        Case{"a_message_of_a_socket_that_is_not_open", "relays_frames", kAsked + "== ws-frame\nx\n",
             "fault '== ws-frame' cannot come here: its socket is not open"},
        Case{"a_message_of_a_client_that_was_not_accepted", "relays_frames",
             kAsked + "== client-frame\nx\n", "cannot come here: the client was not accepted"},
        Case{"a_message_of_a_socket_that_was_not_opened", "relays_frames",
             kOpen + "== ws-frame call=7\nx\n", "cannot come here: no such socket was opened"},
        Case{"a_message_of_a_client_that_left", "relays_frames",
             kOpen + "== client-close\n== client-frame\nx\n",
             "cannot come here: its socket has ended"},
        Case{"a_machine_that_waits_for_nothing", "relays_frames",
             target("mute") + "== expect ws_open wss://up/live\n== ws-close failure=connect\n",
             "fault stalled"}),
    [](const auto& one) { return one.param.name; });

TEST(Sockets, events_that_cannot_be_read_are_named) {
    const struct {
        std::string section;
        std::string fault;
    } cases[] = {
        {"== ws-frame call=x\n", "f:3: 'x' is not a number"},
        {"== ws-frame late\n", "f:3: unknown word 'late' in '== ws-frame'"},
        {"== ws-frame\n\xFF\n", "f:3: a message that is text is UTF-8; others are 'binary'"},
        {"== ws-frame base64\n?\n", "f:4: not base64: a character that is none of its alphabet"},
        {"== client-frame call=1\nx\n", "f:3: unknown word 'call=1' in '== client-frame'"},
        {"== ws-open one two\n", "f:3: unknown word 'two' in '== ws-open'"},
        {"== ws-close failure=never\n",
         "f:3: '== ws-close' needs ok, reset, timeout, connect, framing, limit or denied"},
        {"== expect ws_open\n", "f:3: '== expect ws_open URL' needs a URL"},
        {"== expect ws_send\nx\n", "f:3: '== expect ws_send' needs client or upstream"},
        {"== expect ws_send client loud\nx\n", "f:3: unknown word 'loud' in '== expect'"},
        {"== expect ws_close client soon\n", "f:3: 'soon' is not a number"},
    };
    for (const auto& one : cases) {
        std::string fault = "none";
        try {
            parse_transcript("== request operation=realtime\n{}\n" + one.section, "f");
        } catch (const FileError& e) {
            fault = e.what();
        }
        EXPECT_EQ(fault, one.fault) << one.section;
    }
}

TEST(Sockets, what_is_written_is_what_was_done) {
    PluginFile file = load("relays_frames");
    const std::string text = target("m") +
                             "== ws-open\n== ws-frame\nhi\n== client-frame binary base64\nAAEC\n"
                             "== client-frame\nclose\n== ws-close 1000\n";
    const std::string written =
        with_expectations(text, play(file, parse_transcript(text, "f"), {}));
    EXPECT_EQ(written, target("m") +
                           "== expect ws_open wss://up/live\nauthorization: Bearer upstream\n"
                           "sec-websocket-protocol: realtime\n== ws-open\n== expect accept\n"
                           "== ws-frame\nhi\n== expect ws_send client\nhi\n"
                           "== client-frame binary base64\nAAEC\n"
                           "== expect ws_send upstream binary base64\nAAEC\n"
                           "== client-frame\nclose\n== expect ws_close client 4001\nas asked\n"
                           "== ws-close 1000\n");
    EXPECT_EQ(first_problem(file, parse_transcript(written, "f")), "");
}

}  // namespace
}  // namespace patchbay::transcript
