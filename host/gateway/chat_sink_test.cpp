#include "gateway/chat_sink.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/world_fixture.hpp"

namespace patchbay::gateway {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
namespace asio = boost::asio;

class ChatSinkTest : public testing::Test {
  protected:
    using Script = std::function<asio::awaitable<void>(ChatSink& sink, Call& call)>;

    /// What a client is answered by a handler that drives a sink.
    std::string answer(Script script, std::string_view version = "1.1", bool stream = true,
                       bool include_usage = false, std::string_view model = "mine") {
        test::StubHandler handler;
        handler.instead = [&](Connection& connection, Request& request) -> asio::awaitable<void> {
            Call call(fixture.world, connection, request, "/chat/completions");
            ChatSink sink(call, model, stream, include_usage);
            auto work = script(sink, call);
            co_await std::move(work);
            started = sink.started();
        };
        const auto client = fixture.harness.connect(handler);
        fixture.harness.say(*client, "POST / HTTP/" + std::string(version) + "\r\nHost: h\r\n\r\n");
        closed = client->closed;
        return client->received;
    }
    static void feed(ChatSink& sink, std::string_view json) {
        sink.chunk(json, scan_chat_answer(json));
    }
    static void whole(ChatSink& sink, std::string_view json) {
        sink.result(json, scan_chat_answer(json));
    }
    /// The body of a chunked answer.
    static std::string unchunked(const std::string& answer) {
        std::string body;
        std::size_t at = answer.find("\r\n\r\n") + 4;
        for (;;) {
            std::size_t digits = 0;
            const std::size_t size = std::stoul(answer.substr(at), &digits, 16);
            EXPECT_EQ(answer.substr(at + digits, 2), "\r\n");
            at += digits + 2;
            body += answer.substr(at, size);
            at += size;
            EXPECT_EQ(answer.substr(at, 2), "\r\n");
            at += 2;
            if (size == 0) break;
        }
        EXPECT_EQ(at, answer.size());
        return body;
    }

    test::WorldFixture fixture;
    bool started = false;
    bool closed = false;
};

TEST_F(ChatSinkTest, a_whole_answer_bears_the_clients_model_name) {
    const auto text = answer(
        [](ChatSink& sink, Call&) -> asio::awaitable<void> {
            whole(
                sink,
                R"({"id":"x","model":"up-2024","usage":{"prompt_tokens":3,"completion_tokens":4}})");
            EXPECT_FALSE(sink.dirty());
            co_await sink.finish();
        },
        "1.1", false, false, "my \"own\"");
    const std::string body =
        R"({"id":"x","model":"my \"own\"","usage":{"prompt_tokens":3,"completion_tokens":4}})";
    EXPECT_THAT(text, StartsWith("HTTP/1.1 200 OK\r\nx-litellm-call-id: "));
    EXPECT_THAT(text, HasSubstr("content-type: application/json\r\n"));
    EXPECT_THAT(text,
                EndsWith("content-length: " + std::to_string(body.size()) + "\r\n\r\n" + body));
    EXPECT_FALSE(closed);
}

TEST_F(ChatSinkTest, an_answer_without_a_model_stays_as_it_is) {
    const auto text = answer(
        [](ChatSink& sink, Call&) -> asio::awaitable<void> {
            whole(sink, R"({"id":1,"model":7})");
            co_await sink.finish();
        },
        "1.1", false);
    EXPECT_THAT(text, EndsWith("\r\n\r\n{\"id\":1,\"model\":7}"));
}

TEST_F(ChatSinkTest, a_stream_is_events_in_chunks_and_ends_with_done) {
    const auto text = answer([](ChatSink& sink, Call& call) -> asio::awaitable<void> {
        EXPECT_FALSE(sink.dirty());
        feed(sink, R"({"model":"up","choices":[{}]})");
        EXPECT_TRUE(sink.dirty());
        EXPECT_NE(call.first_token, Call::Clock::time_point{});
        EXPECT_FALSE(sink.started());
        const bool sent = co_await sink.flush();
        EXPECT_TRUE(sent);
        EXPECT_TRUE(sink.started());
        EXPECT_FALSE(sink.dirty());
        feed(sink, R"({"choices":[]})");
        co_await sink.finish();
    });
    EXPECT_THAT(text, HasSubstr("content-type: text/event-stream; charset=utf-8\r\n"));
    EXPECT_THAT(text, HasSubstr("transfer-encoding: chunked\r\n"));
    EXPECT_EQ(unchunked(text),
              "data: {\"model\":\"mine\",\"choices\":[{}]}\n\ndata: {\"choices\":[]}\n\n"
              "data: [DONE]\n\n");
    EXPECT_FALSE(closed);
}

TEST_F(ChatSinkTest, a_stream_without_events_still_ends_well) {
    const auto text =
        answer([](ChatSink& sink, Call&) -> asio::awaitable<void> { co_await sink.finish(); });
    EXPECT_EQ(unchunked(text), "data: [DONE]\n\n");
}

TEST_F(ChatSinkTest, json_of_many_lines_is_one_event) {
    const auto text = answer([](ChatSink& sink, Call&) -> asio::awaitable<void> {
        feed(sink, "{\r\n \"model\":\n\"up\",\n\"a\":\"\\n\"}");
        co_await sink.finish();
    });
    EXPECT_EQ(unchunked(text), "data: {   \"model\": \"mine\", \"a\":\"\\n\"}\n\ndata: [DONE]\n\n");
}

TEST_F(ChatSinkTest, usage_is_withheld_from_a_client_that_did_not_ask_for_it) {
    const auto script = [](ChatSink& sink, Call&) -> asio::awaitable<void> {
        feed(sink, R"({"choices":[{}],"usage":null})");
        feed(sink, R"({"choices":[{}],"usage":{"prompt_tokens":1,"completion_tokens":2}})");
        feed(sink, R"({"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}})");
        co_await sink.finish();
    };
    const std::string with = unchunked(answer(script, "1.1", true, true));
    EXPECT_THAT(with, HasSubstr("\"prompt_tokens\":3"));
    const std::string without = unchunked(answer(script, "1.1", true, false));
    EXPECT_THAT(without, Not(HasSubstr("\"prompt_tokens\":3")));
    EXPECT_THAT(without, HasSubstr("\"prompt_tokens\":1")) << "it stands in an event with choices";
}

TEST_F(ChatSinkTest, an_old_client_gets_a_stream_without_chunks) {
    const auto text = answer(
        [](ChatSink& sink, Call&) -> asio::awaitable<void> {
            feed(sink, R"({"a":1})");
            co_await sink.flush();
            feed(sink, R"({"a":2})");
            co_await sink.finish();
        },
        "1.0");
    EXPECT_THAT(text, Not(HasSubstr("transfer-encoding")));
    EXPECT_THAT(text, HasSubstr("connection: close\r\n"));
    EXPECT_THAT(text, EndsWith("\r\n\r\ndata: {\"a\":1}\n\ndata: {\"a\":2}\n\ndata: [DONE]\n\n"));
    EXPECT_TRUE(closed);
}

TEST_F(ChatSinkTest, a_stream_that_fails_ends_with_an_error_event_and_no_done) {
    const auto text = answer([](ChatSink& sink, Call&) -> asio::awaitable<void> {
        feed(sink, R"({"a":1})");
        co_await sink.flush();
        co_await sink.finish_with_error(R"({"error":{}})");
    });
    EXPECT_EQ(unchunked(text), "data: {\"a\":1}\n\ndata: {\"error\":{}}\n\n");
}

TEST_F(ChatSinkTest, what_was_collected_can_be_forgotten_before_it_is_sent) {
    const auto text = answer([](ChatSink& sink, Call& call) -> asio::awaitable<void> {
        feed(sink, R"({"a":1,"usage":{"prompt_tokens":3}})");
        sink.reset();
        EXPECT_EQ(call.first_token, Call::Clock::time_point{});
        feed(sink, R"({"a":2})");
        co_await sink.finish();
    });
    EXPECT_EQ(unchunked(text), "data: {\"a\":2}\n\ndata: [DONE]\n\n");
}

TEST_F(ChatSinkTest, an_error_answer_has_its_headers_and_is_counted) {
    const auto text = answer([](ChatSink&, Call& call) -> asio::awaitable<void> {
        Error error;
        error.cls = ErrorClass::rate_limit;
        error.message = "slow";
        error.code = "their_code";
        error.retry_after = std::chrono::milliseconds(1200);
        co_await send_error(call, error);
    });
    EXPECT_THAT(text, StartsWith("HTTP/1.1 429 Too Many Requests\r\n"));
    EXPECT_THAT(text, HasSubstr("retry-after: 2\r\n"));
    EXPECT_THAT(text, HasSubstr(R"("code":"429")"));
    std::map<WorkerMetrics::Key, WorkerMetrics::Series> sum;
    fixture.world.metrics.add_to(sum);
    ASSERT_EQ(sum.size(), 1u);
    EXPECT_EQ(sum.begin()->first.exception, "RateLimitError");
}

TEST_F(ChatSinkTest, the_clients_own_call_id_is_echoed_if_it_is_plain) {
    test::StubHandler handler;
    std::vector<std::string> ids;
    handler.instead = [&](Connection& connection, Request& request) -> asio::awaitable<void> {
        ids.push_back(Call(fixture.world, connection, request, "/x").id);
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
