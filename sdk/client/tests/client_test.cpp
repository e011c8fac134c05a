// The C++ side of the client library, against a provider on loopback.
#include "patchbay/client.hpp"

#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "local_upstream.hpp"

namespace patchbay {
namespace {

using test::LocalUpstream;
using test::Peer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A chat of one question, at the upstream.
ChatRequest asked(const LocalUpstream& upstream, std::string model = "openai/gpt-4o") {
    return {.model = std::move(model),
            .messages = {{"user", "你好，请自我介绍一下"}},
            .more = {{"api_key", "\"sk-canary\""},
                     {"api_base", '"' + upstream.url("/v1") + '"'},
                     {"num_retries", "0"}}};
}

LocalUpstream failing(int status, std::string json, std::string headers = {}) {
    return LocalUpstream(
        [=](Peer& peer, const std::string&) { peer.answer(status, json, headers); });
}

TEST(Client, AnswersAChatWithoutAConfiguration) {
    LocalUpstream upstream(test::greet);
    Client client;
    auto answer = client.completion(asked(upstream));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->text(), "你好");
    EXPECT_EQ(answer->at("/model"), "m-2024");
    EXPECT_EQ(answer->at("/usage/total_tokens"), "5");
    EXPECT_EQ(answer->about().at("/provider"), "openai");
    ASSERT_EQ(upstream.requests().size(), 1u);
    const std::string request = upstream.requests()[0];
    EXPECT_THAT(request, HasSubstr("POST /v1/chat/completions"));
    EXPECT_THAT(request, HasSubstr("Bearer sk-canary"));
    EXPECT_THAT(request, HasSubstr("\"model\":\"gpt-4o\""));
    // What says where the call goes does not go there.
    EXPECT_EQ(request.find("api_base"), std::string::npos);
    EXPECT_EQ(request.find("num_retries"), std::string::npos);
}

TEST(Client, StreamsAsARange) {
    LocalUpstream upstream(test::greet);
    Client client;
    std::vector<std::string> words;
    for (const Chunk& chunk : client.stream(asked(upstream))) words.push_back(chunk.text());
    EXPECT_THAT(words, ElementsAre("你", "好", ""));
}

TEST(Client, StreamsToACallback) {
    LocalUpstream upstream(test::greet);
    Client client;
    int pieces = 0;
    auto text = client.completion(asked(upstream), [&](const Chunk&) {
        ++pieces;
        return true;
    });
    ASSERT_TRUE(text) << text.error().message;
    EXPECT_EQ(*text, "你好");
    EXPECT_EQ(pieces, 3);
}

TEST(Client, SpeaksToEachProviderInItsOwnApi) {
    const std::string message =
        R"({"id":"msg_1","type":"message","role":"assistant","model":"claude","content":)"
        R"([{"type":"text","text":"你好"}],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":2}})";
    LocalUpstream upstream([&](Peer& peer, const std::string& request) {
        const bool anthropic = request.find("/v1/messages") != std::string::npos;
        peer.answer(200, anthropic ? message : test::chat_answer("你好"));
    });
    struct Case {
        const char* model;
        const char* path;
        const char* key;
    };
    Client client;
    for (const Case& one :
         {Case{"openai/gpt-4o", "POST /v1/chat/completions", "uthorization: Bearer sk-canary"},
          Case{"anthropic/claude-sonnet-4-20250514", "POST /v1/messages", "x-api-key: sk-canary"},
          Case{"deepseek/deepseek-chat", "POST /v1/chat/completions",
               "uthorization: Bearer sk-canary"},
          Case{"claude-sonnet-4-20250514", "POST /v1/messages", "x-api-key: sk-canary"}}) {
        auto answer = client.completion(asked(upstream, one.model));
        ASSERT_TRUE(answer) << one.model << ": " << answer.error().message;
        EXPECT_EQ(answer->text(), "你好") << one.model;
        EXPECT_THAT(upstream.requests().back(), HasSubstr(one.path)) << one.model;
        EXPECT_THAT(upstream.requests().back(), HasSubstr(one.key)) << one.model;
    }
}

const char* const kProviders[] = {"openai/gpt-4o", "anthropic/claude-sonnet-4-20250514",
                                  "deepseek/deepseek-chat"};

void greet_in_its_own_api(Peer& peer, const std::string& request) {
    if (request.find("/v1/messages") == std::string::npos) return test::greet(peer, request);
    peer.begin_stream();
    for (
        const char* event :
        {R"({"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[],"usage":{"input_tokens":3,"output_tokens":1}}})",
         R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})",
         R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"你"}})",
         R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"好"}})",
         R"({"type":"content_block_stop","index":0})",
         R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}})",
         R"({"type":"message_stop"})"}) {
        peer.event(event);
    }
    peer.end_stream();
}

TEST(Client, StreamsFromEachProvider) {
    LocalUpstream upstream(greet_in_its_own_api);
    Client client;
    for (const char* model : kProviders) {
        std::string text;
        for (const Chunk& chunk : client.stream(asked(upstream, model))) text += chunk.text();
        EXPECT_EQ(text, "你好") << model;
    }
    EXPECT_EQ(upstream.requests().size(), 3u);
}

TEST(Client, FailsAlikeForEachProvider) {
    auto upstream = failing(
        429, R"({"type":"error","error":{"type":"rate_limit_error","message":"slow down"}})");
    Client client;
    for (const std::string model : kProviders) {
        auto answer = client.completion(asked(upstream, model));
        ASSERT_FALSE(answer) << model;
        EXPECT_EQ(answer.error().provider, model.substr(0, model.find('/')));
        EXPECT_THAT(answer.error().message, HasSubstr("slow down"));
        EXPECT_THROW(answer.value(), RateLimitError) << model;
    }
}

TEST(Client, FailuresAreValuesOrExceptions) {
    auto upstream =
        failing(429, R"({"error":{"message":"slow down","type":"requests","code":"rl"}})",
                "retry-after: 7\r\n");
    Client client;
    auto answer = client.completion(asked(upstream));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().status, 429);
    EXPECT_EQ(answer.error().exception, "RateLimitError");
    EXPECT_EQ(answer.error().message, "litellm.RateLimitError: OpenAIException - slow down");
    EXPECT_EQ(answer.error().provider, "openai");
    EXPECT_EQ(answer.error().retry_after, std::chrono::seconds(7));
    EXPECT_THAT(answer.error().upstream_body, HasSubstr("\"rl\""));
    EXPECT_THROW(answer.value(), RateLimitError);
    EXPECT_THROW(for ([[maybe_unused]] const Chunk& chunk
                      : client.stream(asked(upstream))) FAIL(),
                 RateLimitError);
}

TEST(Client, EachClassOfFailureHasItsException) {
    Client client;
    const auto raised = [&](int status, const char* json) {
        auto upstream = failing(status, json);
        return client.completion(asked(upstream)).error().exception;
    };
    EXPECT_EQ(raised(401, R"({"error":{"message":"bad key"}})"), "AuthenticationError");
    EXPECT_EQ(raised(404, R"({"error":{"message":"no model","code":"model_not_found"}})"),
              "NotFoundError");
    EXPECT_EQ(raised(400, R"({"error":{"message":"too long","code":"context_length_exceeded"}})"),
              "ContextWindowExceededError");
    EXPECT_EQ(raised(500, R"({"error":{"message":"broken"}})"), "InternalServerError");
}

TEST(Client, ANameThatTellsNoProviderIsRefused) {
    Client client;
    auto answer = client.completion({.model = "nobody-knows-it", .messages = {{"user", "x"}}});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().status, 400);
    EXPECT_THAT(answer.error().message, HasSubstr("LLM Provider NOT provided"));
}

TEST(Client, AMockAsksNobody) {
    Client client;
    auto answer = client.completion({.model = "openai/gpt-4o",
                                     .messages = {{"user", "x"}},
                                     .more = {{"mock_response", "\"as was said\""}}});
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->text(), "as was said");
    EXPECT_EQ(answer->at("/model"), "gpt-4o");
}

TEST(Client, AStreamThatIsLeftClosesItsConnection) {
    LocalUpstream* self = nullptr;
    LocalUpstream upstream([&](Peer& peer, const std::string&) {
        peer.begin_stream();
        peer.event(test::chat_chunk("one"));
        peer.closed();
        self->note_gone();
    });
    self = &upstream;
    Client client;
    for (const Chunk& chunk : client.stream(asked(upstream))) {
        EXPECT_EQ(chunk.text(), "one");
        break;
    }
    upstream.wait_gone(1);
}

TEST(Client, ClosingCancelsWhatIsUnderWay) {
    LocalUpstream* self = nullptr;
    LocalUpstream upstream([&](Peer& peer, const std::string&) {
        peer.closed();
        self->note_gone();
    });
    self = &upstream;
    auto client = std::make_unique<Client>();
    Stream stream = client->stream(asked(upstream));
    while (upstream.requests().empty()) std::this_thread::yield();
    client.reset();
    EXPECT_FALSE(stream.next());
    ASSERT_TRUE(stream.failure());
    EXPECT_EQ(stream.failure()->status, 499);
    upstream.wait_gone(1);
}

// The end of the body is awaited, for the connection's sake, when the call is over. What leaks is the address sanitizer's to tell.
TEST(Client, MayBeClosedBeforeTheBodyOfAStreamHasEnded) {
    LocalUpstream* self = nullptr;
    LocalUpstream upstream([&](Peer& peer, const std::string&) {
        peer.begin_stream();
        peer.event(test::chat_chunk("one"));
        peer.event("[DONE]");
        peer.closed();
        self->note_gone();
    });
    self = &upstream;
    auto client = std::make_unique<Client>();
    int chunks = 0;
    Stream stream = client->stream(asked(upstream));
    while (stream.next()) ++chunks;
    ASSERT_EQ(chunks, 1);
    client.reset();
    upstream.wait_gone(1);
}

// Plugins are one for the process, loaded by whoever came first.
TEST(Client, OthersAreOpenedWhenTheFirstOnesAreGone) {
    auto first = std::make_unique<Client>();
    auto second = std::make_unique<Client>();
    first.reset();
    second.reset();
    Client third;
    auto answer = third.completion({.model = "demo/echo", .messages = {{"user", "kestrel"}}});
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_THAT(answer->text(), HasSubstr("kestrel"));
}

TEST(Client, ManyThreadsShareOne) {
    LocalUpstream upstream(test::greet);
    Client client;
    std::vector<std::thread> threads;
    std::atomic<int> good{0};
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            for (int k = 0; k < 10; ++k)
                good += client.completion(asked(upstream))->text() == "你好";
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(good, 80);
}

TEST(Client, AFallbackTakesOver) {
    LocalUpstream upstream([](Peer& peer, const std::string& request) {
        const bool first = request.find("gpt-4o-mini") == std::string::npos;
        first ? peer.answer(500, R"({"error":{"message":"broken"}})")
              : peer.answer(200, test::chat_answer("here"));
    });
    Client client;
    ChatRequest request = asked(upstream);
    request.more.push_back({"fallbacks", "[\"openai/gpt-4o-mini\"]"});
    auto answer = client.completion(request);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->text(), "here");
    EXPECT_EQ(answer->about().at("/fallbacks"), "1");
}

TEST(Client, AFallbackMaySayItsOwnKeyAndAddress) {
    auto broken = failing(500, R"({"error":{"message":"broken"}})");
    LocalUpstream upstream(test::greet);
    ChatRequest request = asked(broken);
    request.more.push_back(
        {"fallbacks", R"([{"model":"openai/gpt-4o","api_key":"sk-other","api_base":")" +
                          upstream.url("/v1") + R"("}])"});
    Client client;
    auto answer = client.completion(request);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->text(), "你好");
    ASSERT_EQ(upstream.requests().size(), 1u);
    EXPECT_THAT(upstream.requests()[0], HasSubstr("Bearer sk-other"));
    EXPECT_THAT(upstream.requests()[0], HasSubstr("\"model\":\"gpt-4o\""));
    EXPECT_THAT(broken.requests()[0], HasSubstr("Bearer sk-canary"));
}

TEST(Client, AFallbackThatNamesAnotherProviderDoesNotSeeTheKeyOfTheFirst) {
    auto broken = failing(500, R"({"error":{"message":"broken"}})");
    LocalUpstream upstream(test::greet);
    ChatRequest request = asked(broken);
    request.more.push_back({"fallbacks", R"([{"model":")" + request.model +
                                             R"(","custom_llm_provider":"groq","api_base":")" +
                                             upstream.url("/v1") + R"("}])"});
    Client client;
    (void)client.completion(request);
    for (const auto& seen : upstream.requests()) {
        EXPECT_THAT(seen, testing::Not(HasSubstr("sk-canary")));
    }
}

TEST(Client, AConfigurationSaysWhatIsServed) {
    LocalUpstream upstream(test::greet);
    Client client({.config = "model_list:\n  - model_name: fast\n    litellm_params: {model: "
                             "openai/gpt-4o, api_key: sk-canary, api_base: \"" +
                             upstream.url("/v1") + "\"}\n"});
    auto answer = client.completion({.model = "fast", .messages = {{"user", "x"}}});
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->text(), "你好");
    auto other = client.completion({.model = "openai/gpt-4o", .messages = {{"user", "x"}}});
    ASSERT_FALSE(other);
    EXPECT_THAT(other.error().message, HasSubstr("Invalid model name"));
}

TEST(Client, AWrongConfigurationSaysWhere) {
    try {
        Client client({.config = "model_list:\n  - model_name: fast\n"});
        FAIL() << "was opened";
    } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), HasSubstr("the configuration:2:5: "));
        EXPECT_THAT(error.what(), HasSubstr("litellm_params"));
    }
}

TEST(Client, OtherOperationsAreCalledByTheirIds) {
    LocalUpstream upstream([](Peer& peer, const std::string&) {
        peer.answer(
            200,
            R"({"object":"list","model":"m","data":[{"object":"embedding","index":0,"embedding":[0.5,1]}],"usage":{"prompt_tokens":1,"total_tokens":1}})");
    });
    Client client;
    auto answer = client.call(
        "embeddings",
        R"({"model":"openai/text-embedding-3-small","input":"x","api_key":"sk-canary","api_base":")" +
            upstream.url("/v1") + "\"}");
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->at("/data/0/embedding"), "[0.5,1]");
    EXPECT_THAT(upstream.requests()[0], HasSubstr("POST /v1/embeddings"));
    auto none = client.call("astrology", "{}");
    ASSERT_FALSE(none);
    EXPECT_THAT(none.error().message, HasSubstr("astrology"));
}

TEST(Client, ARequestThatIsNoJsonIsRefused) {
    Client client;
    auto answer = client.call("chat.completions", "{\"model\": ");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().status, 400);
}

TEST(Client, AKeyThatChangesInTheEnvironmentIsUsed) {
    LocalUpstream upstream(test::greet);
    Client client;
    const std::string request =
        R"({"model":"deepseek/deepseek-chat","messages":[{"role":"user","content":"x"}],"api_base":")" +
        upstream.url("/v1") + "\"}";
    for (const char* key : {"sk-first", "sk-second"}) {
        ::setenv("DEEPSEEK_API_KEY", key, 1);
        ASSERT_TRUE(client.call("chat.completions", request));
        EXPECT_THAT(upstream.requests().back(), HasSubstr(std::string("Bearer ") + key));
    }
    ::unsetenv("DEEPSEEK_API_KEY");
}

}  // namespace
}  // namespace patchbay
