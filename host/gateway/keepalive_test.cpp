// HttpAnswer's pings.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/http_answer_fixture.hpp"

namespace patchbay::gateway {
namespace {

using test::mine;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
namespace asio = boost::asio;

/// A stream whose attempt says nothing until the client has seen a ping.
class KeptAlive : public test::HttpAnswerTest {
  protected:
    std::string told(Script after, std::string_view version = "1.1",
                     const Surface& surface = kChatSurface, bool stream = true) {
        Deployment deployment;
        deployment.keepalive = deployment.messages_keepalive = std::chrono::milliseconds(1);
        test::StubHandler handler;
        asio::steady_timer go(fixture.harness.io, asio::steady_timer::time_point::max());
        handler.instead = [&](Connection& connection, Request& request) -> asio::awaitable<void> {
            Served served(fixture.server, connection, request, "/chat/completions");
            Call& call = served.begin_call(surface);
            call.ask.scan.stream = stream;
            call.deployment = &deployment;
            HttpAnswer answer(served);
            answer.restart();
            co_await go.async_wait(asio::as_tuple(asio::use_awaitable));
            EXPECT_FALSE(answer.committed()) << "another attempt can take over";
            auto work = after(answer);
            co_await std::move(work);
        };
        const auto client = fixture.harness.connect(handler);
        fixture.harness.say(*client, "POST / HTTP/" + std::string(version) + "\r\nHost: h\r\n\r\n");
        // A deadline that was armed later passes later.
        bool passed = false;
        Deadline later(fixture.harness.deadlines, [&] { passed = true; });
        later.arm(2 * Deadlines::kTick);
        EXPECT_TRUE(fixture.harness.until([&] {
            client->read();
            return client->received.find(": ping") != std::string::npos ||
                   (passed && !(stream && pinged));
        }));
        go.cancel();
        fixture.harness.say(*client, "");
        EXPECT_EQ(handler.under_way, 0);
        return client->received;
    }
    bool pinged = true;  ///< the stream goes on when the client has seen a ping
    static asio::awaitable<void> says(HttpAnswer& answer) {
        answer.event({}, Restamped("{\"a\":1}"));
        co_await answer.finish(nullptr);
    }
    static asio::awaitable<void> fails(HttpAnswer& answer) {
        Error error;
        error.cls = ErrorClass::rate_limit;
        error.message = "slow down";
        co_await answer.finish(&error);
    }
    /// Without its pings, of which there may be any number.
    static std::string quiet(std::string body) {
        for (std::size_t at; (at = body.find(HttpAnswer::kPing)) != std::string::npos;) {
            body.erase(at, HttpAnswer::kPing.size());
        }
        return body;
    }
};

TEST_F(KeptAlive, a_silent_stream_is_opened_and_pinged) {
    const auto text = told(says);
    EXPECT_THAT(text, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(text, HasSubstr("content-type: text/event-stream; charset=utf-8\r\n"));
    EXPECT_THAT(text, HasSubstr("cache-control: no-cache\r\n"));
    EXPECT_THAT(text, HasSubstr("x-litellm-call-id: "));
    EXPECT_THAT(text, Not(HasSubstr("x-litellm-model-id"))) << "another one may answer";
    EXPECT_EQ(text.find("HTTP/1.1", 1), std::string::npos) << "one head";
    EXPECT_EQ(quiet(unchunked(text)), "data: {\"a\":1}\n\ndata: [DONE]\n\n");
}

TEST_F(KeptAlive, a_failure_behind_a_ping_is_told_as_a_streams) {
    EXPECT_THAT(quiet(unchunked(told(fails))),
                testing::AllOf(StartsWith("data: {\"error\":{\"message\":\"slow down\""),
                               EndsWith("\n\n")));
}

TEST_F(KeptAlive, clients_of_messages_are_sent_the_event_that_they_know) {
    const auto text = unchunked(told(fails, "1.1", kMessagesSurface));
    const std::string ping = "event: ping\ndata: {\"type\": \"ping\"}\n\n";
    EXPECT_THAT(text, StartsWith(ping));
    EXPECT_THAT(text.substr(text.rfind(ping) + ping.size()),
                StartsWith("event: error\ndata: {\"type\":\"error\""));
}

TEST_F(KeptAlive, without_chunks_the_pings_stand_by_themselves) {
    const auto text = told(says, "1.0");
    EXPECT_EQ(quiet(text.substr(text.find("\r\n\r\n") + 4)), "data: {\"a\":1}\n\ndata: [DONE]\n\n");
}

TEST_F(KeptAlive, whose_clients_know_no_comments_are_not_pinged) {
    pinged = false;
    for (const Surface* surface :
         {&kStreamGenerateSurface, kStreamGenerateSurface.with_sse, &kConverseStreamSurface}) {
        const auto text = told(fails, "1.1", *surface);
        EXPECT_THAT(text, StartsWith("HTTP/1.1 429 ")) << "nothing was sent before";
    }
}

TEST_F(KeptAlive, who_asked_for_no_stream_is_not_pinged) {
    const auto text = told(
        [](HttpAnswer& answer) -> asio::awaitable<void> {
            answer.whole(mine());
            co_await answer.finish(nullptr);
        },
        "1.1", kChatSurface, false);
    EXPECT_THAT(text, EndsWith("\r\n\r\n{\"model\":\"mine\"}"));
}

}  // namespace
}  // namespace patchbay::gateway
