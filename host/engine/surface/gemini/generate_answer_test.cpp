#include "engine/surface/gemini/generate_answer.hpp"

#include "engine/surface/gemini/test_support.hpp"
#include "engine/surface/gemini/thought_signature.hpp"

namespace patchbay::surface {

namespace {

using namespace test;

/// An answer with one choice that says `message`.
std::string answer_with(std::string_view message, std::string_view more_of_choice = "") {
    return R"({"id":"chatcmpl-1","choices":[{"index":0,"message":)" + std::string(message) +
           std::string(more_of_choice) + "}]}";
}

json::object told(std::string_view answer, const Answering& answering = {"m", {}, true}) {
    return tree_of(generate_of_chat(answer, answering)).get_object();
}

std::string first_candidate(const json::object& response, std::string_view member) {
    const auto& candidate = response.at("candidates").get_array().at(0).get_object();
    const auto* value = candidate.if_contains(member);
    return value ? json_tree::write(*value) : std::string();
}

TEST(GenerateOfChat, SaysWholeAnswers) {
    const auto response = generate_of_chat(
        R"({"id":"chatcmpl-1","model":"up","choices":[
            {"index":0,"message":{"content":"Hello."},"finish_reason":"stop"},
            {"index":1,"message":{"content":"Hi."},"finish_reason":"length"}],
            "usage":{"prompt_tokens":12,"completion_tokens":7,"total_tokens":19}})",
        {"m", {}, false});
    EXPECT_EQ(response, tidy(R"({"candidates":[
        {"content":{"parts":[{"text":"Hello."}],"role":"model"},"finishReason":"STOP","index":0},
        {"content":{"parts":[{"text":"Hi."}],"role":"model"},"finishReason":"MAX_TOKENS","index":1}],
        "usageMetadata":{"promptTokenCount":12,"candidatesTokenCount":7,"totalTokenCount":19},
        "modelVersion":"m","responseId":"chatcmpl-1"})"));
}

TEST(GenerateOfChat, SaysEveryKindOfPart) {
    const struct {
        const char* what;
        const char* message;
        const char* parts;
    } cases[] = {
        {"parts of text", R"({"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]})",
         R"([{"text":"ab"}])"},
        {"thought", R"({"content":"4","reasoning_content":"Hm."})",
         R"([{"text":"Hm.","thought":true},{"text":"4"}])"},
        {"a refusal", R"({"content":null,"refusal":"No."})", R"([{"text":"No."}])"},
        {"an image", R"({"content":"a","images":[{"image_url":{"url":"data:image/png;base64,AAAA"}},
            {"image_url":{"url":"https://example.org"}}]})",
         R"([{"text":"a"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}])"},
        {"calls", R"({"content":"a","tool_calls":[
            {"id":"c1","function":{"name":"f","arguments":"{\"n\": 1.50}"}},
            {"id":"c2","function":{"name":"f","arguments":""}},
            {"function":{"name":"g","arguments":"[1]"}},{"id":"c3","function":{}}]})",
         R"([{"text":"a"},{"functionCall":{"id":"c1","name":"f","args":{"n":1.50}}},
             {"functionCall":{"id":"c2","name":"f","args":{}}},
             {"functionCall":{"id":"chatcmpl-1:2","name":"g","args":{"arguments":"[1]"}}}])"},
        {"a call of old", R"({"function_call":{"name":"f","arguments":"{}"}})",
         R"([{"functionCall":{"id":"chatcmpl-1:0","name":"f","args":{}}}])"},
        {"a Gemini model's own signature", R"({"tool_calls":[{"id":"c1",
            "function":{"name":"f","arguments":"{}"},
            "provider_specific_fields":{"thought_signature":"AQID"}}]})",
         R"([{"functionCall":{"id":"c1","name":"f","args":{}},"thoughtSignature":"AQID"}])"},
        {"nothing", R"({"content":null})", "[]"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        EXPECT_EQ(first_candidate(told(answer_with(c.message)), "content"),
                  tidy(R"({"parts":)" + std::string(c.parts) + R"(,"role":"model"})"));
    }
}

TEST(GenerateOfChat, ShowsThoughtsOnlyIfAsked) {
    const auto answer = answer_with(R"({"content":"4","reasoning_content":"Hm."})");
    EXPECT_EQ(first_candidate(told(answer, {"m", {}, false}), "content"),
              R"({"parts":[{"text":"4"}],"role":"model"})");
}

TEST(GenerateOfChat, SignedThoughtsTravelInTheNextPart) {
    const auto blocks = tree_of(R"([{"type":"thinking","thinking":"Hm.","signature":"Sig=="},
        {"type":"redacted_thinking","data":"RA=="}])")
                            .get_array();
    const auto signature = signature_of_blocks(blocks);
    const auto written = json_tree::write(blocks);
    const struct {
        const char* what;
        std::string message;
        std::string parts;
    } cases[] = {
        {"text", R"({"content":"4","thinking_blocks":)" + written + "}",
         R"([{"text":"4","thoughtSignature":")" + signature + R"("}])"},
        {"a call",
         R"({"tool_calls":[{"id":"c1","function":{"name":"f"}}],"thinking_blocks":)" + written +
             "}",
         R"([{"functionCall":{"id":"c1","name":"f","args":{}},"thoughtSignature":")" + signature +
             R"("}])"},
        {"nothing", R"({"content":"","thinking_blocks":)" + written + "}",
         R"([{"text":"","thoughtSignature":")" + signature + R"("}])"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        EXPECT_EQ(first_candidate(told(answer_with(c.message), {"m", {}, false}), "content"),
                  tidy(R"({"parts":)" + c.parts + R"(,"role":"model"})"));
    }
    EXPECT_EQ(read_signature(signature).blocks, blocks);
}

TEST(GenerateOfChat, SaysHowItEnded) {
    const struct {
        const char* choice;
        const char* word;
    } cases[] = {
        {R"("finish_reason":"stop")", R"("STOP")"},
        {R"("finish_reason":"tool_calls")", R"("STOP")"},
        {R"("finish_reason":"length")", R"("MAX_TOKENS")"},
        {R"("finish_reason":"content_filter")", R"("SAFETY")"},
        {R"("finish_reason":null)", R"("STOP")"},
        {R"("finish_reason":"stop","provider_specific_fields":{"native_finish_reason":"RECITATION"})",
         R"("RECITATION")"},
        {R"("finish_reason":"length","provider_specific_fields":{"native_finish_reason":"pause_turn"})",
         R"("MAX_TOKENS")"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.choice);
        const auto response = told(answer_with(R"({"content":"a"})", "," + std::string(c.choice)));
        EXPECT_EQ(first_candidate(response, "finishReason"), c.word);
    }
    EXPECT_EQ(first_candidate(told(answer_with(R"({"refusal":"No."})")), "finishReason"),
              R"("SAFETY")");
}

TEST(GenerateOfChat, CountsThoughtsApart) {
    const struct {
        const char* what;
        const char* usage;
        const char* expected;
    } cases[] = {
        {"thought and cache",
         R"({"prompt_tokens":100,"completion_tokens":533,"total_tokens":633,
             "prompt_tokens_details":{"cached_tokens":75},
             "completion_tokens_details":{"reasoning_tokens":382}})",
         R"({"promptTokenCount":100,"candidatesTokenCount":151,"totalTokenCount":633,
             "cachedContentTokenCount":75,"thoughtsTokenCount":382})"},
        {"sound",
         R"({"prompt_tokens":10,"completion_tokens":1,"total_tokens":11,
             "prompt_tokens_details":{"audio_tokens":8}})",
         R"({"promptTokenCount":10,"candidatesTokenCount":1,"totalTokenCount":11,
             "promptTokensDetails":[{"modality":"TEXT","tokenCount":2},
                 {"modality":"AUDIO","tokenCount":8}]})"},
        {"more thought than answer",
         R"({"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,
             "completion_tokens_details":{"reasoning_tokens":5}})",
         R"({"promptTokenCount":1,"candidatesTokenCount":0,"totalTokenCount":3,
             "thoughtsTokenCount":5})"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        const auto response = told(R"({"choices":[],"usage":)" + std::string(c.usage) + "}");
        EXPECT_EQ(json_tree::write(response.at("usageMetadata")), tidy(c.expected));
    }
}

TEST(GenerateOfChat, GroundsInBytes) {
    const auto response = told(answer_with(
        "{\"content\":\"\xc3\xa9\xf0\x9f\x98\x80 ab\",\"annotations\":["
        R"({"type":"url_citation","url_citation":{"url":"https://a","title":"A","start_index":1,"end_index":4}},
           {"type":"url_citation","url_citation":{"url":"https://b","start_index":3,"end_index":99}},
           {"type":"url_citation","url_citation":{"url":"https://a"}},{"type":"file_citation"}]})"));
    EXPECT_EQ(first_candidate(response, "groundingMetadata"),
              tidy("{\"groundingChunks\":[{\"web\":{\"uri\":\"https://a\",\"title\":\"A\"}},"
                   "{\"web\":{\"uri\":\"https://b\"}}],\"groundingSupports\":["
                   "{\"segment\":{\"startIndex\":2,\"endIndex\":8,\"text\":\"\xf0\x9f\x98\x80 a\"},"
                   "\"groundingChunkIndices\":[0]},"
                   "{\"segment\":{\"startIndex\":7,\"endIndex\":9,\"text\":\"ab\"},"
                   "\"groundingChunkIndices\":[1]}]}"));
}

TEST(GenerateOfChat, TellsProbabilities) {
    const auto response = told(answer_with(R"({"content":"ab"})", R"(,"logprobs":{"content":[
        {"token":"a","logprob":-0.5,"top_logprobs":[{"token":"a","logprob":-0.5},{"token":"x","logprob":-1}]},
        {"token":"b","logprob":-1.5,"top_logprobs":[]}]})"));
    EXPECT_EQ(first_candidate(response, "logprobsResult"),
              tidy(R"({"chosenCandidates":[{"token":"a","logProbability":-0.5},
                  {"token":"b","logProbability":-1.5}],"topCandidates":[{"candidates":[
                  {"token":"a","logProbability":-0.5},{"token":"x","logProbability":-1}]},
                  {"candidates":[]}]})"));
    EXPECT_EQ(first_candidate(response, "avgLogprobs"), tidy("-1.0"));
}

TEST(GenerateOfChat, FunctionsHaveTheirOwnNamesBack) {
    ChatNames names;
    const std::string lengthy(100, 'n');
    const auto sent = names.shorten(lengthy);
    const auto response = told(answer_with(R"({"tool_calls":[{"id":"c","function":{"name":")" +
                                           sent + R"(","arguments":"{}"}}]})"),
                               {"m", names, false});
    EXPECT_NE(first_candidate(response, "content").find(lengthy), std::string::npos);
}

TEST(GenerateOfChat, OfNoAnswerThereAreNoCandidates) {
    for (const char* text : {"", "[]", "{}", R"({"choices":7})", R"({"choices":[7]})"}) {
        EXPECT_EQ(generate_of_chat(text, {"m", {}, false}),
                  R"({"candidates":[],"modelVersion":"m"})");
    }
}

}  // namespace

}  // namespace patchbay::surface
