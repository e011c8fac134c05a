#include "engine/exchange/exchange.hpp"

#include <gmock/gmock.h>

#include "engine/exchange/test_support.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using test::always;
using test::FixtureProvider;
using test::Peer;
using test::ScriptedServer;
using test::stream_of;
using test::whole;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
namespace asio = boost::asio;

using ExchangeTest = test::ExchangeTest;

TEST_F(ExchangeTest, a_whole_answer_is_passed_through) {
    const FixtureProvider fixture("passes_through");
    ScriptedServer server(loop.io, always(whole(200, R"({"id":"x","choices":[]})")));
    const auto error = run(fixture, request(server.url(), "m", false));
    EXPECT_FALSE(error);
    EXPECT_THAT(sink.lines, ElementsAre(R"(result {"id":"x","choices":[]})"));
    EXPECT_EQ(sink.flushes, 0);
}

TEST_F(ExchangeTest, a_mark_of_utf8_before_a_json_text_is_passed_over) {
    const FixtureProvider fixture("passes_through");
    const std::string mark = "\xEF\xBB\xBF";
    ScriptedServer server(loop.io, always(whole(200, mark + R"({"id":"x","choices":[]})")));
    EXPECT_FALSE(run(fixture, request(server.url(), "m", false)));
    EXPECT_THAT(sink.lines, ElementsAre(R"(result {"id":"x","choices":[]})"));
    // Before anything else it is part of what was sent.
    ScriptedServer other(loop.io, always(whole(200, mark + "<html>")));
    const auto error = run(fixture, request(other.url(), "m", false));
    ASSERT_TRUE(error);
    EXPECT_EQ(error->upstream_body, mark + "<html>");
}

TEST_F(ExchangeTest, a_whole_answer_that_is_none_is_the_plugins_to_judge) {
    const FixtureProvider fixture("passes_through");
    for (const std::string body :
         {"<html>", "[1]", "{\"a\":}", "{\"a\":1", "", R"({"error":{"message":"x"}})",
          R"({"detail":"x"})", R"({"choices":null})", R"({"choices":[],"error":"x"})"}) {
        ScriptedServer server(loop.io, always(whole(200, body)));
        const auto error = run(fixture, request(server.url(), "m", false));
        ASSERT_TRUE(error) << body;
        EXPECT_THAT(error->message, HasSubstr("failure 4, status 200")) << body;
        EXPECT_EQ(error->upstream_body, body);
        EXPECT_THAT(sink.lines, IsEmpty());
    }
}

TEST_F(ExchangeTest, a_stream_is_passed_through_event_by_event) {
    const FixtureProvider fixture("passes_through");
    ScriptedServer server(loop.io, stream_of(": hello\n\ndata: {\"a\":1}\n\ndata: {\"a\":\n"
                                             "data: 2}\n\ndata: [DONE]\n\n"));
    EXPECT_FALSE(run(fixture, request(server.url())));
    EXPECT_THAT(sink.lines, ElementsAre(R"(chunk {"a":1})", "chunk {\"a\":\n2}"));
    EXPECT_EQ(sink.flushed, 2u);
}

TEST_F(ExchangeTest, an_error_frame_of_a_passed_stream_goes_to_the_plugin) {
    const FixtureProvider fixture("passes_through");
    ScriptedServer server(loop.io, stream_of("data: {\"a\":1}\n\ndata: {\"error\":{\"m\":1}}\n\n"
                                             "data: {\"a\":2}\n\n"));
    const auto error = run(fixture, request(server.url()));
    ASSERT_TRUE(error);
    EXPECT_EQ(error->cls, ErrorClass::overloaded);
    EXPECT_EQ(error->message, R"({"error":{"m":1}})");
    EXPECT_THAT(sink.lines, ElementsAre(R"(chunk {"a":1})"));
    EXPECT_EQ(sink.flushed, 1u);
}

TEST_F(ExchangeTest, broken_json_of_a_passed_stream_goes_to_the_plugin) {
    const FixtureProvider fixture("passes_through");
    ScriptedServer server(loop.io, stream_of("data: {\"a\":\n\n"));
    const auto error = run(fixture, request(server.url()));
    ASSERT_TRUE(error);
    EXPECT_EQ(error->message, "{\"a\":");
    EXPECT_THAT(sink.lines, IsEmpty());
}

TEST_F(ExchangeTest, a_stream_without_any_event_is_no_answer) {
    const FixtureProvider fixture("passes_through");
    for (const std::string body : {"", "<html>not found</html>\n", ": ping\n\n"}) {
        ScriptedServer server(loop.io, stream_of(body));
        const auto error = run(fixture, request(server.url()));
        ASSERT_TRUE(error) << body;
        EXPECT_THAT(error->message, HasSubstr("failure 4, status 200")) << body;
    }
    ScriptedServer server(loop.io, stream_of("data: [DONE]\n\n"));
    EXPECT_FALSE(run(fixture, request(server.url())));
}

TEST_F(ExchangeTest, a_stream_that_is_cut_is_a_failure) {
    const FixtureProvider fixture("passes_through");
    ScriptedServer inside(loop.io, stream_of("data: {\"a\":1}\n\ndata: {\"a\""));
    auto error = run(fixture, request(inside.url()));
    ASSERT_TRUE(error);
    EXPECT_THAT(error->message, HasSubstr("failure 3"));

    ScriptedServer framed(loop.io, [](Peer& peer, int) -> asio::awaitable<void> {
        co_await peer.request();
        co_await peer.send(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            "f\r\ndata: {\"a\":2}\n\n\r\n");
    });
    error = run(fixture, request(framed.url()));
    ASSERT_TRUE(error);
    EXPECT_THAT(error->message, HasSubstr("failure 3"));
    EXPECT_THAT(sink.lines, ElementsAre(R"(chunk {"a":1})", R"(chunk {"a":2})"));
}

TEST_F(ExchangeTest, an_upstream_that_cannot_be_reached_is_told_to_the_plugin) {
    const FixtureProvider fixture("passes_through");
    std::string url;
    {
        ScriptedServer server(loop.io, always(""));
        url = server.url();
    }
    loop.io.restart();
    loop.io.poll();
    auto error = run(fixture, request(url));
    ASSERT_TRUE(error);
    EXPECT_THAT(error->message, HasSubstr("failure 1, status 0"));
    error = run(fixture, request("gopher://x/"));
    ASSERT_TRUE(error);
    EXPECT_THAT(error->message, HasSubstr("failure 1, status 0: not an http or https URL"));
}

TEST_F(ExchangeTest, a_bad_status_brings_the_whole_body_whatever_was_asked_for) {
    const FixtureProvider fixture("logs_events");
    for (const char* decode : {"sse", "raw", "ndjson", "buffer"}) {
        sink.lines.clear();
        ScriptedServer server(loop.io, always(whole(503, "data: {}\n\ndata: {}\n\n")));
        EXPECT_FALSE(run(fixture, request(server.url(), decode)));
        EXPECT_THAT(sink.lines, ElementsAre("chunk head 503/0 [] [] ",
                                            "chunk done 503/0 [] [] data: {}\n\ndata: {}\n\n"));
    }
}

TEST_F(ExchangeTest, frames_carry_their_names) {
    const FixtureProvider fixture("logs_events");
    ScriptedServer server(loop.io, stream_of("event: e\nid: 7\ndata: one\n\ndata: two\n\n"));
    EXPECT_FALSE(run(fixture, request(server.url(), "sse")));
    EXPECT_THAT(sink.lines, ElementsAre("chunk head 200/0 [] [] ", "chunk frame 200/0 [e] [7] one",
                                        "chunk frame 200/0 [] [7] two", "chunk done 200/0 [] [] "));
}

TEST_F(ExchangeTest, ndjson_comes_line_by_line) {
    const FixtureProvider fixture("logs_events");
    ScriptedServer server(loop.io, stream_of("{\"a\":1}\r\n\n{\"a\":2}\n{\"a\":3}"));
    EXPECT_FALSE(run(fixture, request(server.url(), "ndjson")));
    EXPECT_THAT(sink.lines,
                ElementsAre("chunk head 200/0 [] [] ", R"(chunk frame 200/0 [] [] {"a":1})",
                            R"(chunk frame 200/0 [] [] {"a":2})",
                            R"(chunk frame 200/0 [] [] {"a":3})", "chunk done 200/0 [] [] "));
}

TEST_F(ExchangeTest, raw_data_comes_as_it_arrives) {
    const FixtureProvider fixture("logs_events");
    ScriptedServer server(loop.io, always(whole(200, "\x01\x02 bytes")));
    EXPECT_FALSE(run(fixture, request(server.url(), "raw")));
    EXPECT_THAT(sink.lines,
                ElementsAre("chunk head 200/0 [] [] ", "chunk data 200/0 [] [] \x01\x02 bytes",
                            "chunk done 200/0 [] [] "));
}

TEST_F(ExchangeTest, a_body_over_the_plugins_limit_is_a_failure) {
    const FixtureProvider fixture("logs_events");
    ScriptedServer at_limit(loop.io, always(whole(200, "12345678")));
    EXPECT_FALSE(run(fixture, request(at_limit.url(), "buffer+small")));
    EXPECT_EQ(sink.lines.back(), "chunk done 200/0 [] [] 12345678");
    ScriptedServer over(loop.io, always(whole(200, "123456789")));
    EXPECT_FALSE(run(fixture, request(over.url(), "buffer+small")));
    EXPECT_EQ(sink.lines.back(), "chunk done 200/5 [] [] ");
}

// Sends one event, then waits for the client to hang up.
ScriptedServer::Script one_event_and_silence() {
    return [](Peer& peer, int) -> asio::awaitable<void> {
        co_await peer.request();
        co_await peer.send("HTTP/1.1 200 OK\r\n\r\ndata: {\"a\":1}\n\n");
        co_await peer.closed();
    };
}

TEST_F(ExchangeTest, a_machine_that_is_done_early_does_not_wait_for_its_upstream) {
    const FixtureProvider fixture("logs_events");
    ScriptedServer server(loop.io, one_event_and_silence());
    EXPECT_FALSE(run(fixture, request(server.url(), "sse+early")));
    EXPECT_EQ(sink.lines.back(), R"(chunk frame 200/0 [] [] {"a":1})");
    EXPECT_EQ(sink.flushed, 2u);
    loop.until([&] { return server.finished() == 1; });
}

TEST_F(ExchangeTest, an_aborted_call_is_closed_and_reported) {
    const FixtureProvider fixture("logs_events");
    for (const char* decode : {"sse+abort", "raw+abort"}) {
        ScriptedServer server(loop.io, one_event_and_silence());
        EXPECT_FALSE(run(fixture, request(server.url(), decode)));
        EXPECT_EQ(sink.lines.back(), "chunk done 200/7 [] [] ") << decode;
        loop.until([&] { return server.finished() == 1; });
    }
}

TEST_F(ExchangeTest, a_bad_status_of_feed_is_a_fault_that_names_the_component) {
    const FixtureProvider at_once("fails_in_feed");
    auto error = run(at_once, request("http://127.0.0.1:1/"));
    ASSERT_TRUE(error);
    EXPECT_EQ(error->status(), 500);
    EXPECT_THAT(error->message, HasSubstr("'fails-in-feed' returned status -99 for event "));
    EXPECT_EQ(at_once.stats().faults, 1u);

    const FixtureProvider later("logs_events");
    ScriptedServer server(loop.io, one_event_and_silence());
    error = run(later, request(server.url(), "sse+fault"));
    ASSERT_TRUE(error);
    EXPECT_THAT(error->message, HasSubstr("'logs-events' returned status -99"));
    EXPECT_EQ(later.stats().faults, 1u);
    loop.until([&] { return server.finished() == 1; });
}

TEST_F(ExchangeTest, a_machine_that_waits_for_nothing_is_ended_as_a_fault) {
    const FixtureProvider fixture("logs_events");
    const auto error = run(fixture, request("http://127.0.0.1:1/", "stall"));
    ASSERT_TRUE(error);
    EXPECT_THAT(error->message, HasSubstr("stalled"));
    EXPECT_EQ(error->status(), 500);
    EXPECT_EQ(fixture.stats().faults, 1u);
}

TEST_F(ExchangeTest, the_first_event_is_flushed_before_the_upstream_says_more) {
    const FixtureProvider fixture("passes_through");
    ScriptedServer server(loop.io, one_event_and_silence());
    const std::string url = server.url();
    start(fixture, request(url));
    loop.until([&] { return sink.flushed == 1; });
    EXPECT_FALSE(ended);
    cancel.emit(asio::cancellation_type::terminal);
    loop.until([&] { return ended.has_value(); });
}

TEST_F(ExchangeTest, a_reader_that_takes_nothing_stops_the_upstream) {
    const FixtureProvider fixture("passes_through");
    const std::string event = "data: {\"a\":\"" + std::string(60'000, 'x') + "\"}\n\n";
    constexpr int kEvents = 1000;  // far more than socket buffers hold
    int sent = 0;
    ScriptedServer server(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
        co_await peer.request();
        co_await peer.send("HTTP/1.1 200 OK\r\n\r\n");
        for (; sent < kEvents; ++sent) co_await peer.send(event);
        co_await peer.send("data: [DONE]\n\n");
    });
    sink.shut = true;
    const std::string url = server.url();
    start(fixture, request(url));
    loop.until([&] { return sink.flushes == 1; });
    // What can still go on without a read of the driver's does: the server fills the buffers.
    asio::steady_timer idle(loop.io);
    for (int before = -1; before != sent;) {
        before = sent;
        bool passed = false;
        idle.expires_after(20ms);
        idle.async_wait([&](boost::system::error_code) { passed = true; });
        loop.until([&] { return passed; });
    }
    EXPECT_LT(sent, kEvents);
    EXPECT_EQ(sink.flushes, 1);
    const std::size_t held = sink.lines.size();
    EXPECT_LE(held, 2u);
    sink.open_gate();
    loop.until([&] { return ended.has_value(); });
    EXPECT_EQ(sent, kEvents);
    EXPECT_EQ(sink.lines.size(), static_cast<std::size_t>(kEvents));
    EXPECT_FALSE(ended->error);
}

TEST_F(ExchangeTest, a_client_that_is_gone_ends_the_exchange) {
    const FixtureProvider fixture("passes_through");
    ScriptedServer server(loop.io, one_event_and_silence());
    sink.gone = true;
    const auto error = run(fixture, request(server.url()));
    ASSERT_TRUE(error);
    EXPECT_EQ(error->status(), 499);
    EXPECT_FALSE(error->retryable());
    loop.until([&] { return server.finished() == 1; });
}

TEST_F(ExchangeTest, cancelling_closes_the_upstream_and_the_machine_at_once) {
    const FixtureProvider fixture("passes_through");
    bool asked = false;
    ScriptedServer silent(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
        co_await peer.request();
        asked = true;
        co_await peer.closed();
    });
    const std::string url = silent.url();
    start(fixture, request(url));
    loop.until([&] { return asked; });
    EXPECT_EQ(fixture.stats().in_flight, 1);
    cancel.emit(asio::cancellation_type::terminal);
    loop.until([&] { return ended.has_value(); });
    EXPECT_TRUE(thrown);
    EXPECT_EQ(fixture.stats().in_flight, 0);
    EXPECT_EQ(fixture.stats().faults, 0u);
    EXPECT_EQ(loop.client->open_connections(), 0u);
    loop.until([&] { return silent.finished() == 1; });
}

TEST_F(ExchangeTest, nothing_is_being_sent_any_more_when_an_exchange_was_left) {
    const FixtureProvider fixture("passes_through");
    ScriptedServer server(loop.io, one_event_and_silence());
    sink.shut = true;
    sink.turns_to_end = 10;
    const std::string url = server.url();
    start(fixture, request(url));
    loop.until([&] { return sink.flushes == 1; });
    EXPECT_TRUE(sink.sending);
    cancel.emit(asio::cancellation_type::terminal);
    loop.until([&] { return ended.has_value(); });
    EXPECT_TRUE(thrown);
    EXPECT_FALSE(sink.sending) << "it would use a sink that is gone";
}

TEST_F(ExchangeTest, an_exchange_that_has_ended_is_left_while_nobody_takes_the_rest) {
    const FixtureProvider fixture("logs_events");
    for (const char* how : {"sse+early", "sse+fault"}) {
        ScriptedServer server(loop.io, one_event_and_silence());
        sink.shut = true;
        sink.flushes = 0;
        ended.reset();
        const std::string url = server.url();
        start(fixture, request(url, how));
        loop.until([&] { return sink.flushes == 1; });
        cancel.emit(asio::cancellation_type::terminal);
        loop.until([&] { return ended.has_value(); });
        EXPECT_FALSE(sink.sending) << how;
        loop.until([&] { return server.finished() == 1; });
    }
}

TEST_F(ExchangeTest, a_timeout_is_told_to_the_plugin) {
    const FixtureProvider fixture("passes_through");
    ScriptedServer server(loop.io, one_event_and_silence());
    const std::string url = server.url();
    auto r = request(url);
    r.timeouts.total = 30ms;
    const auto error = run(fixture, r);
    ASSERT_TRUE(error);
    EXPECT_THAT(error->message, HasSubstr("failure 2, status 200"));
}

}  // namespace
}  // namespace patchbay
