#include "contract/shape/generate_facts.hpp"

#include <string>

#include <gtest/gtest.h>

namespace patchbay {

namespace {

struct GenerateCase {
    const char* json;
    const char* model = "";
    const char* usage = "";
    const char* text = "";
    bay::Choices seen = 0;
    bay::Choices finished = 0;
    bool meaningful = false;
    bool error = false;
    bool answer = false;
    bool usage_only = false;
};

const GenerateCase kGenerateCases[] = {
    {.json =
         R"({"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":1},"modelVersion":"g"})",
     .model = R"("g")",
     .usage = R"({"promptTokenCount":1})",
     .text = R"([{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP","index":0}])",
     .seen = 1,
     .finished = 1,
     .meaningful = true,
     .answer = true},
    {.json = R"({"candidates":[{"content":{"role":"model","parts":[{"text":""}]},"index":1}]})",
     .text = R"([{"content":{"role":"model","parts":[{"text":""}]},"index":1}])",
     .seen = 2,
     .answer = true},
    {.json = R"({"candidates":[{"finishReason":null},{"finishReason":"STOP"}]})",
     .text = R"([{"finishReason":null},{"finishReason":"STOP"}])",
     .seen = 3,
     .finished = 2,
     .meaningful = true,
     .answer = true},
    {.json = R"({"promptFeedback":{"blockReason":"SAFETY"}})",
     .seen = 1,
     .finished = 1,
     .meaningful = true,
     .answer = true},
    {.json = R"({"usageMetadata":{"totalTokenCount":1}})",
     .usage = R"({"totalTokenCount":1})",
     .usage_only = true},
    {.json =
         R"({"candidates":[{"groundingMetadata":{"webSearchQueries":["q"]}}],"usageMetadata":{"totalTokenCount":1}})",
     .usage =
         R"({"candidates":[{"groundingMetadata":{"webSearchQueries":["q"]}}],"usageMetadata":{"totalTokenCount":1}})",
     .text = R"([{"groundingMetadata":{"webSearchQueries":["q"]}}])",
     .seen = 1,
     .answer = true},
    {.json = R"({"error":{"code":503}})", .error = true},
    {.json = R"({"candidates":[]})", .text = "[]"},
    {.json = R"({"candidates":{}})"},
    {.json = "{}"},
};

TEST(GenerateFacts, AreThoseOfOneResponse) {
    for (const GenerateCase& one : kGenerateCases) {
        const std::string_view json = one.json;
        const auto facts = scan_generate(json);
        const auto cut = [&](TextRange range) { return json.substr(range.off, range.len); };
        EXPECT_TRUE(facts.object) << json;
        EXPECT_EQ(cut(facts.model), one.model) << json;
        EXPECT_EQ(cut(facts.usage), one.usage) << json;
        EXPECT_EQ(cut(facts.text), one.text) << json;
        EXPECT_EQ(facts.seen, one.seen) << json;
        EXPECT_EQ(facts.finished, one.finished) << json;
        EXPECT_EQ(facts.meaningful, one.meaningful) << json;
        EXPECT_EQ(facts.error, one.error) << json;
        EXPECT_EQ(facts.answer, one.answer) << json;
        EXPECT_EQ(facts.usage_only, one.usage_only) << json;
    }
}

TEST(GenerateFacts, OfWhatIsNoObjectAreNone) {
    for (const std::string_view json :
         {"", "[]", "{", R"({"candidates":[}])", "{} {}", "{\"a\":\"\xff\"}", "null"}) {
        EXPECT_EQ(scan_generate(json), GenerateFacts()) << json;
    }
}

TEST(GenerateUsage, HoldsThoughtsAndWhatToolsRead) {
    Usage usage;
    ASSERT_TRUE(read_generate_usage(
        R"({"promptTokenCount":10,"toolUsePromptTokenCount":5,"candidatesTokenCount":3,
            "thoughtsTokenCount":4,"cachedContentTokenCount":2,"totalTokenCount":22,"x":[1]})",
        usage));
    EXPECT_EQ(usage.prompt, 15u);
    EXPECT_EQ(usage.completion, 7u);
    EXPECT_EQ(usage.reasoning, 4u);
    EXPECT_EQ(usage.cached, 2u);
    EXPECT_EQ(usage.total, 22u);
    for (const std::string_view none : {"", "{}", "[]", R"({"promptTokenCount":"one"})", "{"}) {
        EXPECT_FALSE(read_generate_usage(none, usage)) << none;
    }
}

TEST(GenerateUsage, ThoughtsMayStandAmongTheCandidates) {
    Usage usage;
    ASSERT_TRUE(read_generate_usage(
        R"({"promptTokenCount":10,"candidatesTokenCount":7,"thoughtsTokenCount":4,"totalTokenCount":17})",
        usage));
    EXPECT_EQ(usage.completion, 7u);
    EXPECT_EQ(usage.reasoning, 4u);
    EXPECT_EQ(usage.total, 17u);
}

TEST(GenerateUsage, TellsKindsOfTokens) {
    Usage usage;
    ASSERT_TRUE(read_generate_usage(
        R"({"promptTokenCount":300,"candidatesTokenCount":1290,"totalTokenCount":1590,
            "promptTokensDetails":[{"modality":"TEXT","tokenCount":10},{"modality":"IMAGE","tokenCount":258},{"modality":"AUDIO","tokenCount":32}],
            "candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":1290},3]})",
        usage));
    EXPECT_EQ(usage.image_prompt, 258u);
    EXPECT_EQ(usage.audio_prompt, 32u);
    EXPECT_EQ(usage.image_completion, 1290u);
}

TEST(GenerateUsage, CountsSearchesAsGoogleBillsThem) {
    const std::string found =
        R"({"candidates":[{"groundingMetadata":{"webSearchQueries":["a","b"]}},{"groundingMetadata":{}}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":4},"modelVersion":)";
    Usage second;
    ASSERT_TRUE(read_generate_usage(found + R"("gemini-2.5-flash"})", second));
    EXPECT_EQ(second.searches, 1u);
    EXPECT_EQ(second.total, 7u);
    Usage third;
    ASSERT_TRUE(read_generate_usage(found + R"("gemini-3-pro-preview"})", third));
    EXPECT_EQ(third.searches, 2u);
    // What a later event of the stream tells without them does not take them back.
    ASSERT_TRUE(read_generate_usage(R"({"promptTokenCount":3,"candidatesTokenCount":9})", third));
    EXPECT_EQ(third.searches, 2u);
    EXPECT_EQ(third.completion, 9u);
    Usage alone;
    EXPECT_TRUE(read_generate_usage(
        R"({"candidates":[{"groundingMetadata":{"webSearchQueries":["a"]}}]})", alone));
    EXPECT_EQ(alone.searches, 1u);
    EXPECT_FALSE(read_generate_usage(
        R"({"candidates":[{"groundingMetadata":{"webSearchQueries":[]}}]})", alone));
}

}  // namespace

}  // namespace patchbay
