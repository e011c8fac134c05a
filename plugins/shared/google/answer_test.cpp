// Answers and streams: what a client has in the end is the same.
#include "answer.hpp"

#include <patchbay/json_tree.hpp>

#include "candidate.hpp"
#include "errors.hpp"
#include "stream.hpp"
#include "test_support.hpp"

namespace patchbay::google {
namespace {

AnswerContext context() {
    AnswerContext context;
    context.created = 7;
    context.request_id = "r";
    context.model = "m";
    return context;
}

json::value whole(std::string_view response) {
    const auto answer = translate_answer(response, context());
    return answer ? json::parse(answer->json) : json::value(answer.error().message);
}

/// What a client puts together from the events of a stream: a message, its finish reason and usage.
json::value joined(const std::vector<std::string_view>& events) {
    StreamTranslator stream(context(), true);
    std::vector<std::string> chunks;
    for (const auto event : events) {
        if (const auto fed = stream.feed(event, chunks); !fed)
            return json::value(fed.error().message);
    }
    if (!stream.complete()) return json::value("cut");
    if (const auto ended = stream.end(chunks); !ended) return json::value(ended.error().message);
    json::object message;
    json::object made;
    for (const auto& text : chunks) {
        const auto chunk = json::parse(text);
        if (const auto* usage = chunk.get_object().if_contains("usage")) made["usage"] = *usage;
        for (const auto& choice : chunk.at("choices").get_array()) {
            add_delta(choice.at("delta").get_object(), message);
            if (!choice.at("finish_reason").is_null()) made["finish"] = choice.at("finish_reason");
        }
    }
    made["message"] = std::move(message);
    return made;
}

#define CANDIDATE(parts, more)                                                                     \
    R"({"candidates":[{"content":{"role":"model","parts":[)" parts R"(]},"index":0)" more          \
    R"(}],"usageMetadata":{"promptTokenCount":12,"candidatesTokenCount":9,"totalTokenCount":21},)" \
    R"("modelVersion":"g","responseId":"i"})"
#define STOP R"(,"finishReason":"STOP")"

struct SaidCase {
    const char* what;
    const char* response;
    const char* message;
    const char* finish;
};

TEST(Whole, HasTheListsThatClientsOfLiteLLMRead) {
    const auto answer = whole(CANDIDATE(
        R"({"text":"t","thought":true,"thoughtSignature":"S="},{"text":"u","thought":true},{"text":"a"})",
        STOP R"(,"safetyRatings":[{"category":"C"}])"));
    EXPECT_JSON(answer.at("choices").at(0).at("message"),
                R"({"role":"assistant","content":"a","reasoning_content":"tu","images":[],
        "thinking_blocks":[{"type":"thinking","thinking":"t","signature":"S="},
        {"type":"thinking","thinking":"u"}],
        "provider_specific_fields":{"thought_signatures":["S="]}})");
    EXPECT_JSON(answer.at("vertex_ai_safety_results"), R"([[{"category":"C"}]])");
    EXPECT_JSON(answer.at("vertex_ai_grounding_metadata"), "[]");
}

TEST(Stream, HasThemInItsFirstChunkAndWhereTheyAreTold) {
    StreamTranslator stream(context(), false);
    std::vector<std::string> chunks;
    for (const auto* event :
         {CANDIDATE(R"({"text":"a"})", ""),
          CANDIDATE(R"({"text":"b"})", R"(,"safetyRatings":[{"category":"C"}])")}) {
        ASSERT_TRUE(stream.feed(event, chunks));
    }
    ASSERT_EQ(chunks.size(), 3u);
    EXPECT_JSON(json::parse(chunks[0]).at("vertex_ai_citation_metadata"), "[]");
    EXPECT_JSON(json::parse(chunks[0]).at("vertex_ai_safety_ratings"), "[]");
    EXPECT_FALSE(json::parse(chunks[1]).get_object().contains("vertex_ai_safety_ratings"));
    for (const auto* name : {"vertex_ai_safety_results", "vertex_ai_safety_ratings"}) {
        EXPECT_JSON(json::parse(chunks[2]).at(name), R"([[{"category":"C"}]])");
    }
}

class Said : public testing::TestWithParam<SaidCase> {};

TEST_P(Said, IsTheMessageOfTheChoice) {
    const auto answer = whole(GetParam().response);
    ASSERT_TRUE(answer.is_object()) << GetParam().what << ": " << json::serialize(answer);
    const auto& choice = answer.at("choices").at(0);
    auto message = choice.at("message").get_object();
    message.erase("thinking_blocks");  // what reasoning_content says
    const auto* images = message.if_contains("images");
    if (images && images->get_array().empty()) message.erase("images");
    EXPECT_JSON(json::value(message), GetParam().message) << GetParam().what;
    EXPECT_EQ(choice.at("finish_reason"), json::value(GetParam().finish)) << GetParam().what;
}

TEST_P(Said, IsTheSameInAStream) {
    const auto answer = joined({GetParam().response});
    ASSERT_TRUE(answer.is_object()) << GetParam().what << ": " << json::serialize(answer);
    auto expected = json::parse(GetParam().message).get_object();
    auto got = answer.at("message").get_object();
    for (auto* message : {&expected, &got}) {
        const auto* content = message->if_contains("content");
        if (content && (content->is_null() || *content == json::value("")))
            message->erase("content");
    }
    EXPECT_EQ(got, expected) << GetParam().what;
    EXPECT_EQ(answer.at("finish"), json::value(GetParam().finish)) << GetParam().what;
}

constexpr SaidCase kSaid[] = {
    {"texts of several parts", CANDIDATE(R"({"text":"a"},{"text":""},{"text":"b"})", STOP),
     R"({"role":"assistant","content":"ab"})", "stop"},
    {"a thought, and the signature of the text",
     CANDIDATE(R"({"text":"t","thought":true},{"text":"a","thoughtSignature":"S="})", STOP),
     R"({"role":"assistant","content":"a","reasoning_content":"t",
      "provider_specific_fields":{"thought_signatures":["S="]}})",
     "stop"},
    {"calls, which Google ends with STOP",
     CANDIDATE(
         R"({"text":"a"},{"functionCall":{"id":"1","name":"f","args":{"n":12345678901234567890}},
      "thoughtSignature":"S="},{"functionCall":{"id":"2","name":"f"}})",
         STOP),
     R"({"role":"assistant","content":"a","tool_calls":[{"index":0,"id":"1__thought__S=",
      "type":"function","function":{"name":"f","arguments":"{\"n\":12345678901234567890}"},
      "provider_specific_fields":{"thought_signature":"S="}},
      {"index":1,"id":"2","type":"function","function":{"name":"f","arguments":"{}"}}],
      "provider_specific_fields":{"thought_signatures":["S="]}})",
     "tool_calls"},
    {"an image", CANDIDATE(R"({"inlineData":{"mimeType":"image/png","data":"AA=="}})", STOP),
     R"({"role":"assistant","content":null,"images":[{"type":"image_url","index":0,
      "image_url":{"url":"data:image/png;base64,AA==","detail":"auto"}}]})",
     "stop"},
    {"a sound", CANDIDATE(R"({"inlineData":{"mimeType":"audio/L16","data":"AA=="}})", STOP),
     R"({"role":"assistant","content":null,"audio":{"data":"AA=="}})", "stop"},
    {"what Google's own tools did",
     CANDIDATE(R"({"executableCode":{"code":"1"}},{"codeExecutionResult":{"output":"1"}})", STOP),
     R"({"role":"assistant","content":null,"provider_specific_fields":{"server_blocks":[
      {"executableCode":{"code":"1"}},{"codeExecutionResult":{"output":"1"}}]}})",
     "stop"},
    {"cited pages, by characters",
     CANDIDATE(R"({"text":"Köln won."})", STOP R"(,"groundingMetadata":{"webSearchQueries":["q"],
      "groundingChunks":[{"web":{"uri":"https://p","title":"P"}}],
      "groundingSupports":[{"segment":{"startIndex":6,"endIndex":10},"groundingChunkIndices":[0,3]}]})"),
     R"({"role":"assistant","content":"Köln won.","annotations":[{"type":"url_citation",
      "url_citation":{"url":"https://p","title":"P","start_index":5,"end_index":9}}]})",
     "stop"},
    {"cut short", CANDIDATE(R"({"text":"a"})", R"(,"finishReason":"MAX_TOKENS")"),
     R"({"role":"assistant","content":"a"})", "length"},
    {"held back", CANDIDATE(R"({"text":"a"})", R"(,"finishReason":"SAFETY")"),
     R"({"role":"assistant","content":"a"})", "content_filter"},
    {"a call that is none, behind words",
     CANDIDATE(R"({"text":"a"})", R"(,"finishReason":"MALFORMED_FUNCTION_CALL")"),
     R"({"role":"assistant","content":"a"})", "stop"},
    {"a blocked prompt", R"({"promptFeedback":{"blockReason":"SAFETY"},"responseId":"i"})",
     R"({"role":"assistant","content":null})", "content_filter"},
};
INSTANTIATE_TEST_SUITE_P(Candidates, Said, testing::ValuesIn(kSaid));

TEST(Stream, TellsACallThatComesBeforeTheEnd) {
    EXPECT_EQ(joined({CANDIDATE(R"({"functionCall":{"id":"1","name":"f"}})", ""),
                      CANDIDATE(R"({"text":""})", STOP)})
                  .at("finish"),
              json::value("tool_calls"));
}

TEST(Stream, IsCutWithoutAFinishReason) {
    EXPECT_EQ(joined({CANDIDATE(R"({"text":"a"})", "")}), json::value("cut"));
    EXPECT_EQ(joined({}), json::value("cut"));
}

TEST(Stream, HasTheUsageOfItsLastEvent) {
    const auto made = joined(
        {R"({"candidates":[{"index":0}],"usageMetadata":{"promptTokenCount":12,"totalTokenCount":12}})",
         CANDIDATE(R"({"text":"a"})", STOP)});
    EXPECT_EQ(made.at("usage").at("completion_tokens"), json::value(9));
}

TEST(Answers, ThatAreNoneAreFailures) {
    for (const auto* response : {"[]", "{}", R"({"candidates":[]})", "not json",
                                 CANDIDATE("", R"(,"finishReason":"MALFORMED_FUNCTION_CALL")")}) {
        EXPECT_TRUE(whole(response).is_string()) << response;
    }
    EXPECT_TRUE(
        joined({CANDIDATE("", R"(,"finishReason":"MALFORMED_FUNCTION_CALL")")}).is_string());
    EXPECT_EQ(joined({R"({"error":{"code":503,"message":"m","status":"UNAVAILABLE"}})"}),
              json::value(R"({"error":{"code":503,"message":"m","status":"UNAVAILABLE"}})"));
}

TEST(Answers, HaveLogprobsAndWhatLiteLlmCallsMetadata) {
    const auto answer =
        whole(CANDIDATE(R"({"text":"a"})", STOP R"(,"logprobsResult":{"chosenCandidates":[
        {"token":"a","logProbability":-0.5}],"topCandidates":[{"candidates":[
        {"token":"a","logProbability":-0.5}]}]},"safetyRatings":[{"category":"C"}])"));
    EXPECT_JSON(answer.at("choices").at(0).at("logprobs"),
                R"({"content":[{"token":"a","logprob":-0.5,
                "top_logprobs":[{"token":"a","logprob":-0.5}]}]})");
    EXPECT_JSON(answer.at("vertex_ai_safety_results"), R"([[{"category":"C"}]])");
}

struct Counts {
    const char* metadata;
    const char* usage;
};
constexpr Counts kCounts[] = {
    {R"({"promptTokenCount":15,"candidatesTokenCount":10,"thoughtsTokenCount":30,"totalTokenCount":55,
      "promptTokensDetails":[{"modality":"TEXT","tokenCount":7},{"modality":"IMAGE","tokenCount":8}]})",
     R"({"prompt_tokens":15,"completion_tokens":40,"total_tokens":55,
      "prompt_tokens_details":{"text_tokens":7,"image_tokens":8},
      "completion_tokens_details":{"text_tokens":10,"reasoning_tokens":30}})"},
    {R"({"promptTokenCount":15,"candidatesTokenCount":40,"thoughtsTokenCount":30,"totalTokenCount":55})",
     R"({"prompt_tokens":15,"completion_tokens":40,"total_tokens":55,"prompt_tokens_details":{},
      "completion_tokens_details":{"text_tokens":10,"reasoning_tokens":30}})"},
    {R"({"promptTokenCount":20,"cachedContentTokenCount":16,"toolUsePromptTokenCount":5,
      "cacheTokensDetails":[{"modality":"TEXT","tokenCount":16}]})",
     R"({"prompt_tokens":25,"completion_tokens":0,"total_tokens":25,"cache_read_input_tokens":16,
      "prompt_tokens_details":{"cached_tokens":16,"cached_tokens_details":{"text_tokens":16},
      "tool_use_tokens":5}})"},
};

TEST(Counted, InOpenAisWay) {
    for (const auto& [metadata, expected] : kCounts) {
        Usage usage;
        usage.take(json::parse(metadata).get_object());
        EXPECT_JSON(json::value(usage.to_openai()), expected);
    }
}

TEST(Errors, SayWhenToComeAgain) {
    constexpr std::pair<const char*, std::uint32_t> kBodies[] = {
        {R"({"error":{"details":[{"@type":"t/google.rpc.RetryInfo","retryDelay":"36s"}]}})", 36000},
        {R"([{"error":{"details":[{"@type":"RetryInfo","retryDelay":"0.5s"}]}}])", 500},
        {R"({"error":{"details":[{"@type":"RetryInfo","retryDelay":"99999s"}]}})", 3600000},
        {R"({"error":{"details":[{"@type":"RetryInfo","retryDelay":"soon"}]}})", 0},
        {R"({"error":{"message":"RetryInfo"}})", 0},
        {"RetryInfo", 0},
    };
    for (const auto& [body, delay] : kBodies) EXPECT_EQ(retry_delay_ms(body), delay) << body;
}

}  // namespace
}  // namespace patchbay::google
