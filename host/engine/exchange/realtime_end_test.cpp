// How exchanges whose client is a WebSocket end, whoever ends them.
#include <gmock/gmock.h>

#include "engine/exchange/realtime_fixture.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using http::testing::kTuple;
using test::answering;
using test::FixtureProvider;
using test::heard;
using test::problem;
using test::RealtimeTest;
using test::ScriptedServer;
using test::Server;
using test::serving;
using test::Surface;
using test::talk;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
namespace asio = boost::asio;
namespace beast = boost::beast;

TEST_F(RealtimeTest, an_upstream_that_closes_takes_the_client_with_it) {
    const FixtureProvider fixture("relays_frames");
    ScriptedServer server(loop.io, serving([](Server& s) -> asio::awaitable<void> {
                              co_await heard(s);
                              co_await s.async_close(
                                  {static_cast<beast::websocket::close_code>(4002), "enough"},
                                  kTuple);
                          }));
    const Session session = run(fixture, &server, "m", talk({"a"}));
    EXPECT_EQ(problem(session.error), "");
    EXPECT_EQ(session.end.code, 4002);
    EXPECT_EQ(session.end.reason, "enough");
}

TEST_F(RealtimeTest, an_upstream_that_dies_is_told_to_the_machine) {
    const FixtureProvider fixture("relays_frames");
    ScriptedServer server(loop.io, serving([](Server& s) -> asio::awaitable<void> {
                              co_await heard(s);
                              s.next_layer().close();
                          }));
    const Session session = run(fixture, &server, "m", talk({"a"}));
    ASSERT_TRUE(session.error);
    EXPECT_THAT(session.error->message, HasSubstr("failure 3, code 1006: cut without a close"));
    EXPECT_EQ(session.end.code, 1011);
}

TEST_F(RealtimeTest, a_refused_handshake_fails_before_the_client_is_accepted) {
    const FixtureProvider fixture("relays_frames");
    ScriptedServer server(loop.io, test::always(test::whole(429, "slow down")));
    const Session session = run(fixture, &server, "m", talk({"a"}));
    ASSERT_TRUE(session.error);
    EXPECT_EQ(session.error->message, "failure 1, code 429: slow down");
    EXPECT_EQ(session.refused, 502);
    EXPECT_THAT(session.got, IsEmpty());
}

TEST_F(RealtimeTest, an_address_that_leads_nowhere_fails_before_the_client_is_accepted) {
    const FixtureProvider fixture("relays_frames");
    std::optional<ScriptedServer> gone(std::in_place, loop.io, test::always(""));
    const ScriptedServer& server = *gone;
    const std::string url = server.url("");
    gone.reset();
    loop.io.restart();
    loop.io.poll();
    Session session;
    Surface surface(context().loop);
    ExchangeRequest r = request(url, "m", false);
    r.client = &surface;
    const auto error = RealtimeTest::ExchangeTest::run(fixture, r);
    ASSERT_TRUE(error);
    EXPECT_THAT(error->message, HasSubstr("failure 1, code 0: cannot connect"));
}

TEST_F(RealtimeTest, done_sends_what_is_left_and_closes_both) {
    const FixtureProvider fixture("relays_frames");
    std::string end;
    ScriptedServer server(loop.io, answering(end));
    const Session session = run(fixture, &server, "m", talk({"done"}));
    EXPECT_EQ(problem(session.error), "");
    EXPECT_THAT(session.got, ElementsAre("last"));
    EXPECT_EQ(session.end.code, 1000);
    loop.until([&] { return server.finished() == 1; });
    EXPECT_EQ(end, "end 1000");
}

TEST_F(RealtimeTest, fail_leaves_the_client_to_the_surface) {
    const FixtureProvider fixture("relays_frames");
    std::string end;
    ScriptedServer server(loop.io, answering(end));
    const Session session = run(fixture, &server, "m", talk({"fail"}));
    ASSERT_TRUE(session.error);
    EXPECT_EQ(session.error->message, "as asked");
    EXPECT_EQ(session.end.code, 1011);
    EXPECT_EQ(session.end.reason, "as asked");
}

TEST_F(RealtimeTest, the_machine_may_close_its_client) {
    const FixtureProvider fixture("relays_frames");
    std::string end;
    ScriptedServer server(loop.io, answering(end));
    const Session session = run(fixture, &server, "m", talk({"close"}));
    EXPECT_EQ(problem(session.error), "");
    EXPECT_EQ(session.end.code, 4001);
    EXPECT_EQ(session.end.reason, "as asked");
}

TEST_F(RealtimeTest, a_client_that_vanishes_ends_the_upstream_at_once) {
    const FixtureProvider fixture("relays_frames");
    std::string end;
    ScriptedServer server(loop.io, answering(end));
    const Session session =
        run(fixture, &server, "m",
            [](http::WebSocket& socket, std::vector<std::string>&) -> asio::awaitable<void> {
                socket.send(http::WebSocket::Opcode::text, "a");
                co_await socket.read();  // and the socket is closed without a word
            });
    EXPECT_EQ(problem(session.error), "");
    ASSERT_EQ(session.notes.size(), 1u);
    EXPECT_EQ(session.notes[0].json, R"({"failure":3,"code":1006})");
    loop.until([&] { return server.finished() == 1; });
    EXPECT_EQ(end, "end 1001");
}

TEST_F(RealtimeTest, a_message_over_the_limit_ends_the_session) {
    const FixtureProvider fixture("relays_frames");
    std::string end;
    ScriptedServer server(loop.io, answering(end));
    http::WebSocketLimits limits;
    limits.message = 1000;
    const Session session = run(fixture, &server, "m", talk({std::string(2000, 'x')}), limits);
    EXPECT_EQ(problem(session.error), "");
    EXPECT_EQ(session.end.code, 1009);
    loop.until([&] { return server.finished() == 1; });
    EXPECT_EQ(end, "end 1001");
}

TEST_F(RealtimeTest, a_session_that_is_cancelled_closes_everything) {
    const FixtureProvider fixture("relays_frames");
    std::string end;
    ScriptedServer server(loop.io, answering(end));
    Surface surface(context().loop);
    const std::string base = server.url("");
    ExchangeRequest r = request(base, "early", false);
    r.client = &surface;
    start(fixture, r);
    loop.until([&] { return server.accepted() == 1; });
    asio::steady_timer later(loop.io, 20ms);
    later.async_wait(
        [&](boost::system::error_code) { cancel.emit(asio::cancellation_type::terminal); });
    loop.until([&] { return ended.has_value() && server.finished() == 1; });
    EXPECT_TRUE(thrown);
    EXPECT_EQ(fixture.stats().in_flight, 0);
    EXPECT_EQ(loop.client->open_connections(), 0u);
}

}  // namespace
}  // namespace patchbay
