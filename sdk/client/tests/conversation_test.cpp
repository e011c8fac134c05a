// Conversations, questions and waits as programs in C++ have them, against a provider on loopback.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "local_upstream.hpp"
#include "patchbay/client.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using test::LocalUpstream;
using test::Peer;
using ::testing::HasSubstr;

ChatRequest asked(const LocalUpstream& upstream, std::vector<Message> messages) {
    return {.model = "openai/gpt-4o",
            .messages = std::move(messages),
            .more = {{"api_key", json_text("sk-\"canary\"")},
                     {"api_base", json_text(upstream.url("/v1"))},
                     {"num_retries", "0"}}};
}

TEST(ClientConversation, CallsOfToolsAreSentBackWithWhatTheyGave) {
    const std::string called =
        R"({"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function",)"
        R"("function":{"name":"weather","arguments":"{\"place\":\"here\"}"}}]})";
    LocalUpstream upstream([&](Peer& peer, const std::string& request) {
        const bool second = request.find("call_1") != std::string::npos;
        peer.answer(
            200,
            second
                ? test::chat_answer("sunny")
                : R"({"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,)"
                  R"("message":)" +
                      called + R"(,"finish_reason":"tool_calls"}]})");
    });
    Client client;
    std::vector<Message> messages{{"user", "How is it out there?"}};
    auto answer = client.completion(asked(upstream, messages));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->at("/choices/0/message/tool_calls/0/function/arguments"),
              R"({"place":"here"})");
    messages.push_back(answer->message());
    messages.push_back({.json = R"({"role":"tool","tool_call_id":)" +
                                json_text(*answer->at("/choices/0/message/tool_calls/0/id")) +
                                R"(,"content":)" + json_text("21 \"degrees\"") + "}"});
    auto last = client.completion(asked(upstream, messages));
    ASSERT_TRUE(last) << last.error().message;
    EXPECT_EQ(last->text(), "sunny");
    const std::string request = upstream.requests().back();
    EXPECT_THAT(request, HasSubstr(called));
    EXPECT_THAT(request, HasSubstr(R"("content":"21 \"degrees\"")"));
    EXPECT_THAT(request, HasSubstr("Bearer sk-\"canary\""));
}

TEST(ClientConversation, AStreamTellsWhetherItWouldWait) {
    LocalUpstream upstream([](Peer& peer, const std::string&) {
        peer.begin_stream();
        peer.event(test::chat_chunk("one"));
        peer.request();  // until the client goes
    });
    Client client;
    Stream stream = client.stream(asked(upstream, {{"user", "Count"}}));
    EXPECT_TRUE(stream.ready(20s));
    ASSERT_TRUE(stream.next());
    EXPECT_FALSE(stream.ready());
    EXPECT_FALSE(stream.ready(1ms));
    stream.cancel();
    EXPECT_TRUE(stream.ready());
    EXPECT_FALSE(stream.next());
}

TEST(ClientConversation, QuestionsAreAnsweredWithoutACall) {
    Client client;
    const auto provider = client.look_up("provider", R"({"model":"claude-sonnet-4-20250514"})");
    ASSERT_TRUE(provider);
    EXPECT_EQ(provider->at("/provider"), "anthropic");
    EXPECT_FALSE(client.look_up("weather"));
    EXPECT_FALSE(client.look_up("model", "no object"));
}

TEST(ClientConversation, EveryClassOfFailureCanBeCaught) {
    Client client;
    LocalUpstream upstream([](Peer& peer, const std::string& request) {
        const bool gateway = request.find("gateway") != std::string::npos;
        peer.answer(gateway ? 502 : 422, R"({"error":{"message":"no"}})");
    });
    EXPECT_THROW(client.completion(asked(upstream, {{"user", "gateway"}})).value(),
                 BadGatewayError);
    EXPECT_THROW(client.completion(asked(upstream, {{"user", "entity"}})).value(),
                 UnprocessableEntityError);
}

}  // namespace
}  // namespace patchbay
