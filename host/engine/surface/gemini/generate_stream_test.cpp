#include "engine/surface/gemini/generate_stream.hpp"

#include "engine/surface/gemini/test_support.hpp"

namespace patchbay::surface {

namespace {

using namespace test;

/// What a client is sent for these chunks, and whether the stream came to its end.
struct Streamed {
    std::vector<std::string> responses;
    bool good = true;
};

Streamed streamed(const std::vector<std::string>& chunks, bool thoughts = true) {
    Streamed seen;
    const GenerateStream::Emit emit = [&](std::string_view, std::string_view json) {
        seen.responses.emplace_back(json);
    };
    GenerateStream stream({"m", {}, thoughts});
    for (const auto& chunk : chunks) {
        seen.good = stream.chunk(chunk, emit).has_value();
        if (!seen.good) return seen;
    }
    stream.end(emit);
    return seen;
}

std::string delta(std::string_view members, int index = 0) {
    return R"({"id":"c-1","choices":[{"index":)" + std::to_string(index) + R"(,"delta":{)" +
           std::string(members) + "}}]}";
}

std::string response_with(std::string_view parts, std::string_view more = "", int index = 0) {
    return tidy(R"({"candidates":[{"content":{"parts":)" + std::string(parts) +
                R"(,"role":"model"},"index":)" + std::to_string(index) + std::string(more) +
                R"(}],"modelVersion":"m","responseId":"c-1"})");
}

TEST(GenerateStream, TellsWordsAsTheyComeAndCallsAtTheEnd) {
    const auto seen = streamed(
        {delta(R"("role":"assistant","content":"")"), delta(R"("reasoning_content":"Hm.")"),
         delta(R"("content":"Hel")"), delta(R"("content":"lo")"),
         delta(
             R"("tool_calls":[{"index":0,"id":"t","function":{"name":"f","arguments":"{\"a\""}}])"),
         delta(R"("tool_calls":[{"index":0,"function":{"arguments":":1}"}}])"),
         R"({"id":"c-1","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]})",
         R"({"id":"c-1","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}})"});
    ASSERT_EQ(seen.responses.size(), 4u);
    EXPECT_EQ(seen.responses[0], response_with(R"([{"text":"Hm.","thought":true}])"));
    EXPECT_EQ(seen.responses[1], response_with(R"([{"text":"Hel"}])"));
    EXPECT_EQ(seen.responses[2], response_with(R"([{"text":"lo"}])"));
    EXPECT_EQ(seen.responses[3],
              tidy(R"({"candidates":[{"content":{"parts":[{"functionCall":{"id":"t","name":"f",
                  "args":{"a":1}}}],"role":"model"},"index":0,"finishReason":"STOP"}],
                  "usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":2,
                  "totalTokenCount":3},"modelVersion":"m","responseId":"c-1"})"));
}

TEST(GenerateStream, TheLastResponseHasAPartInAnyCase) {
    const auto seen = streamed({delta(R"("content":"a")")});
    EXPECT_EQ(seen.responses.back(),
              response_with(R"([{"text":""}])", R"(,"finishReason":"STOP")"));
}

TEST(GenerateStream, ThoughtsAreShownOnlyIfAsked) {
    const auto seen =
        streamed({delta(R"("reasoning_content":"Hm.")"), delta(R"("content":"a")")}, false);
    ASSERT_EQ(seen.responses.size(), 2u);
    EXPECT_EQ(seen.responses[0], response_with(R"([{"text":"a"}])"));
}

TEST(GenerateStream, CandidatesAreToldApart) {
    const auto seen = streamed({delta(R"("content":"a")", 1), delta(R"("content":"b")", 0)});
    ASSERT_EQ(seen.responses.size(), 3u);
    EXPECT_EQ(seen.responses[0], response_with(R"([{"text":"a"}])", "", 1));
    EXPECT_EQ(seen.responses[1], response_with(R"([{"text":"b"}])", "", 0));
    EXPECT_EQ(tree_of(seen.responses[2]).get_object().at("candidates").get_array().size(), 2u);
}

TEST(GenerateStream, ProbabilitiesComeWithTheirTokens) {
    const auto seen = streamed({R"({"id":"c-1","choices":[{"index":0,"delta":{"content":"a"},
        "logprobs":{"content":[{"token":"a","logprob":-0.5}]}}]})"});
    EXPECT_EQ(seen.responses[0],
              response_with(
                  R"([{"text":"a"}])",
                  R"(,"logprobsResult":{"chosenCandidates":[{"token":"a","logProbability":-0.5}],
                   "topCandidates":[{"candidates":[]}]})"));
    EXPECT_NE(seen.responses[1].find(R"("avgLogprobs":-0.5)"), std::string::npos);
}

TEST(GenerateStream, EndsAtWhatCannotBeRead) {
    for (const char* chunk : {"", "[]", "7", "{"}) EXPECT_FALSE(streamed({chunk}).good) << chunk;
    EXPECT_TRUE(streamed({"{}", R"({"choices":7})", R"({"choices":[7,{"delta":7}]})"}).good);
}

TEST(GenerateStream, HoldsNoMoreThanItMay) {
    const std::string much(1u << 20, 'x');
    const auto call =
        delta(R"("tool_calls":[{"index":0,"id":"t","function":{"name":"f","arguments":")" + much +
              R"("}}])");
    std::vector<std::string> chunks(15, call);
    EXPECT_TRUE(streamed(chunks).good);
    chunks.resize(18, call);
    EXPECT_FALSE(streamed(chunks).good);
}

}  // namespace

}  // namespace patchbay::surface
