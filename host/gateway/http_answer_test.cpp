#include "gateway/http_answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/framing/aws_eventstream.hpp"
#include "gateway/http_answer_fixture.hpp"

namespace patchbay::gateway {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
namespace asio = boost::asio;

using test::HttpAnswerTest;
using test::mine;

TEST_F(HttpAnswerTest, a_whole_answer_has_a_length) {
    const auto text = sent(
        [](HttpAnswer& answer) -> asio::awaitable<void> {
            answer.whole(mine());
            EXPECT_FALSE(answer.dirty());
            co_await answer.finish(nullptr);
        },
        "1.1", false);
    EXPECT_THAT(text, StartsWith("HTTP/1.1 200 OK\r\nx-litellm-call-id: "));
    EXPECT_THAT(text, HasSubstr("content-type: application/json\r\n"));
    EXPECT_THAT(text, EndsWith("content-length: 16\r\n\r\n{\"model\":\"mine\"}"));
    EXPECT_FALSE(closed);
}

TEST_F(HttpAnswerTest, a_stream_is_events_in_chunks_and_ends_with_done) {
    const auto text = sent([](HttpAnswer& answer) -> asio::awaitable<void> {
        EXPECT_FALSE(answer.dirty());
        answer.event({}, mine());
        EXPECT_TRUE(answer.dirty());
        EXPECT_FALSE(answer.committed());
        const bool sent = co_await answer.flush();
        EXPECT_TRUE(sent);
        EXPECT_TRUE(answer.committed());
        EXPECT_FALSE(answer.dirty());
        answer.event({}, Restamped("{}"));
        co_await answer.finish(nullptr);
    });
    EXPECT_THAT(text, HasSubstr("content-type: text/event-stream; charset=utf-8\r\n"));
    EXPECT_THAT(text, HasSubstr("transfer-encoding: chunked\r\n"));
    EXPECT_EQ(unchunked(text), "data: {\"model\":\"mine\"}\n\ndata: {}\n\ndata: [DONE]\n\n");
    EXPECT_FALSE(closed);
}

TEST_F(HttpAnswerTest, a_stream_without_events_still_ends_well) {
    const auto text =
        sent([](HttpAnswer& answer) -> asio::awaitable<void> { co_await answer.finish(nullptr); });
    EXPECT_EQ(unchunked(text), "data: [DONE]\n\n");
}

TEST_F(HttpAnswerTest, json_of_many_lines_is_one_event) {
    const auto text = sent([](HttpAnswer& answer) -> asio::awaitable<void> {
        answer.event({}, Restamped("{\r\n \"model\":\n\"up\",\n\"a\":\"\\n\"}"));
        co_await answer.finish(nullptr);
    });
    EXPECT_EQ(unchunked(text), "data: {   \"model\": \"up\", \"a\":\"\\n\"}\n\ndata: [DONE]\n\n");
}

TEST_F(HttpAnswerTest, an_old_client_gets_a_stream_without_chunks) {
    const auto text = sent(
        [](HttpAnswer& answer) -> asio::awaitable<void> {
            answer.event({}, Restamped("{\"a\":1}"));
            co_await answer.flush();
            answer.event({}, Restamped("{\"a\":2}"));
            co_await answer.finish(nullptr);
        },
        "1.0");
    EXPECT_THAT(text, Not(HasSubstr("transfer-encoding")));
    EXPECT_THAT(text, HasSubstr("connection: close\r\n"));
    EXPECT_THAT(text, EndsWith("\r\n\r\ndata: {\"a\":1}\n\ndata: {\"a\":2}\n\ndata: [DONE]\n\n"));
    EXPECT_TRUE(closed);
}

Error rate_limit() {
    Error error;
    error.cls = ErrorClass::rate_limit;
    error.message = "slow";
    error.code = "their_code";
    error.retry_after = std::chrono::milliseconds(1200);
    return error;
}

TEST_F(HttpAnswerTest, a_stream_that_fails_ends_with_an_error_event_and_no_done) {
    const auto text = sent([](HttpAnswer& answer) -> asio::awaitable<void> {
        answer.event({}, Restamped("{\"a\":1}"));
        co_await answer.flush();
        const Error error = rate_limit();
        co_await answer.finish(&error);
    });
    EXPECT_THAT(unchunked(text),
                StartsWith("data: {\"a\":1}\n\ndata: {\"error\":{\"message\":\"slow\""));
    EXPECT_THAT(unchunked(text), Not(HasSubstr("DONE")));
}

TEST_F(HttpAnswerTest, an_error_before_anything_was_sent_is_an_answer_of_its_own) {
    const auto text = sent([](HttpAnswer& answer) -> asio::awaitable<void> {
        answer.event({}, Restamped("{\"a\":1}"));
        const Error error = rate_limit();
        co_await answer.finish(&error);
    });
    EXPECT_THAT(text, StartsWith("HTTP/1.1 429 Too Many Requests\r\n"));
    EXPECT_THAT(text, HasSubstr("retry-after: 2\r\n"));
    EXPECT_THAT(text, HasSubstr(R"("code":"429")"));
    EXPECT_THAT(text, Not(HasSubstr("\"a\"")));
}

TEST_F(HttpAnswerTest, a_stream_of_geminis_is_an_array_or_events_with_crlf) {
    const Script two = [](HttpAnswer& answer) -> asio::awaitable<void> {
        answer.event({}, Restamped("{\"a\":1}"));
        co_await answer.flush();
        answer.event({}, Restamped("{\"a\":2}"));
        co_await answer.finish(nullptr);
    };
    const auto array = sent(two, "1.1", true, kStreamGenerateSurface);
    EXPECT_THAT(array, HasSubstr("content-type: application/json; charset=utf-8\r\n"));
    EXPECT_EQ(unchunked(array), "[{\"a\":1},\r\n{\"a\":2}]");
    const auto events = sent(two, "1.1", true, *kStreamGenerateSurface.with_sse);
    EXPECT_THAT(events, HasSubstr("content-type: text/event-stream; charset=utf-8\r\n"));
    EXPECT_EQ(unchunked(events), "data: {\"a\":1}\r\n\r\ndata: {\"a\":2}\r\n\r\n");
    const Script none = [](HttpAnswer& answer) -> asio::awaitable<void> {
        co_await answer.finish(nullptr);
    };
    EXPECT_EQ(unchunked(sent(none, "1.1", true, kStreamGenerateSurface)), "[]");
}

TEST_F(HttpAnswerTest, a_stream_of_geminis_that_fails_says_so_and_is_broken_off) {
    const Script fails = [](HttpAnswer& answer) -> asio::awaitable<void> {
        answer.event({}, Restamped("{\"a\":1}"));
        co_await answer.flush();
        const Error error = rate_limit();
        co_await answer.finish(&error);
    };
    const auto array = sent(fails, "1.1", true, kStreamGenerateSurface);
    EXPECT_THAT(array, HasSubstr(",\r\n{\"error\":{\"code\":429,"));
    EXPECT_THAT(array, EndsWith("}]\r\n")) << "the chunked body has no end";
    EXPECT_TRUE(closed);
    const auto events = sent(fails, "1.1", true, *kStreamGenerateSurface.with_sse);
    EXPECT_THAT(events, HasSubstr("data: {\"error\":{\"code\":429,"));
    EXPECT_THAT(events, EndsWith("}\r\n\r\n\r\n"));
    EXPECT_TRUE(closed);
}

/// The messages of an AWS stream as "type: payload" lines.
std::string messages_of(const std::string& body) {
    http::AwsEventStreamDecoder decoder;
    std::vector<http::Frame> frames;
    EXPECT_EQ(decoder.push(body, frames), http::DecodeStatus::ok) << decoder.what();
    EXPECT_EQ(decoder.finish(frames), http::DecodeStatus::ok) << decoder.what();
    std::string lines;
    for (const auto& frame : frames) {
        EXPECT_EQ(frame.headers.size(), 3u);
        EXPECT_EQ(frame.headers[1].value, "application/json");
        lines.append(frame.headers[2].value).append(" ").append(frame.event).append(": ");
        lines.append(frame.data).append("\n");
    }
    return lines;
}

TEST_F(HttpAnswerTest, a_stream_of_awss_is_messages_and_a_failure_an_exception) {
    const auto fails = [](HttpAnswer& answer) -> asio::awaitable<void> {
        answer.event("messageStart", Restamped("{}"));
        const bool sent = co_await answer.flush();
        EXPECT_TRUE(sent);
        Error error;
        error.cls = ErrorClass::rate_limit;
        error.message = "slow down";
        co_await answer.finish(&error);
    };
    const auto events = sent(fails, "1.1", true, kConverseStreamSurface);
    EXPECT_THAT(events, HasSubstr("content-type: application/vnd.amazon.eventstream\r\n"));
    EXPECT_THAT(events, HasSubstr("x-amzn-requestid: "));
    EXPECT_EQ(messages_of(unchunked(events)),
              "event messageStart: {}\n"
              "exception throttlingException: {\"message\":\"slow down\"}\n");
    const auto chunks = sent(fails, "1.1", true, kInvokeStreamSurface);
    EXPECT_THAT(chunks, HasSubstr("x-amzn-bedrock-content-type: application/json\r\n"));
    EXPECT_EQ(messages_of(unchunked(chunks)),
              "event chunk: {\"bytes\":\"e30=\"}\n"
              "exception throttlingException: {\"message\":\"slow down\"}\n");
}

TEST_F(HttpAnswerTest, an_error_of_awss_says_which_exception_it_is_in_a_header) {
    const auto fails = [](HttpAnswer& answer) -> asio::awaitable<void> {
        Error error;
        error.cls = ErrorClass::not_found;
        error.message = "no";
        co_await answer.finish(&error);
    };
    const auto text = sent(fails, "1.1", true, kConverseStreamSurface);
    EXPECT_THAT(text, StartsWith("HTTP/1.1 404 "));
    EXPECT_THAT(text, HasSubstr("x-amzn-errortype: ResourceNotFoundException\r\n"));
    EXPECT_THAT(text, HasSubstr("x-amzn-requestid: "));
    EXPECT_THAT(text, EndsWith("\r\n\r\n{\"message\":\"no\"}"));
    EXPECT_THAT(sent(fails), Not(HasSubstr("x-amzn-")));
}

TEST_F(HttpAnswerTest, who_asked_for_an_array_gets_an_error_in_one) {
    const Script fails = [](HttpAnswer& answer) -> asio::awaitable<void> {
        const Error error = rate_limit();
        co_await answer.finish(&error);
    };
    EXPECT_THAT(sent(fails, "1.1", true, kStreamGenerateSurface),
                HasSubstr("\r\n\r\n[{\"error\":{\"code\":429,"));
    EXPECT_THAT(sent(fails, "1.1", true, *kStreamGenerateSurface.with_sse),
                HasSubstr("\r\n\r\n{\"error\":{\"code\":429,"));
}

TEST_F(HttpAnswerTest, what_was_collected_can_be_forgotten_before_it_is_sent) {
    const auto text = sent([](HttpAnswer& answer) -> asio::awaitable<void> {
        answer.event({}, Restamped("{\"a\":1}"));
        answer.restart();
        EXPECT_FALSE(answer.dirty());
        answer.event({}, Restamped("{\"a\":2}"));
        co_await answer.finish(nullptr);
    });
    EXPECT_EQ(unchunked(text), "data: {\"a\":2}\n\ndata: [DONE]\n\n");
}

TEST_F(HttpAnswerTest, bytes_go_out_as_they_come_under_their_own_type) {
    const auto text = sent(
        [](HttpAnswer& answer) -> asio::awaitable<void> {
            answer.bytes("audio/mpeg", "ab");
            EXPECT_TRUE(answer.dirty());
            co_await answer.flush();
            answer.bytes({}, std::string_view("\0c", 2));
            co_await answer.finish(nullptr);
        },
        "1.1", false);
    EXPECT_THAT(text, HasSubstr("content-type: audio/mpeg\r\n"));
    EXPECT_EQ(unchunked(text), std::string("ab\0c", 4));
}

TEST_F(HttpAnswerTest, bytes_that_are_cut_short_do_not_look_whole) {
    const auto text = sent(
        [](HttpAnswer& answer) -> asio::awaitable<void> {
            answer.bytes("audio/mpeg", "ab");
            co_await answer.flush();
            const Error error = rate_limit();
            co_await answer.finish(&error);
        },
        "1.1", false);
    EXPECT_THAT(text, EndsWith("2\r\nab\r\n")) << "the chunked body has no end";
    EXPECT_TRUE(closed);
}

TEST_F(HttpAnswerTest, the_clients_own_call_id_is_echoed_if_it_is_plain) {
    test::StubHandler handler;
    std::vector<std::string> ids;
    handler.instead = [&](Connection& connection, Request& request) -> asio::awaitable<void> {
        ids.push_back(Served(fixture.server, connection, request, "/x").id);
        co_return;
    };
    const auto client = fixture.harness.connect(handler);
    for (const std::string& id :
         {std::string("my-id_1"), std::string("with space"), std::string(129, 'x')}) {
        fixture.harness.say(*client,
                            "GET / HTTP/1.1\r\nHost: h\r\nx-litellm-call-id: " + id + "\r\n\r\n");
    }
    ASSERT_EQ(ids.size(), 3u);
    EXPECT_EQ(ids[0], "my-id_1");
    EXPECT_EQ(ids[1].size(), 36u);
    EXPECT_EQ(ids[2].size(), 36u);
}

}  // namespace
}  // namespace patchbay::gateway
