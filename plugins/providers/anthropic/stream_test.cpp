// SPDX-License-Identifier: Apache-2.0
#include "stream.hpp"

#include <initializer_list>

#include "test_support.hpp"

namespace patchbay::anthropic {
namespace {

constexpr const char* kStart =
    R"({"type":"message_start","message":{"id":"msg_1","model":"claude-x","content":[],
        "usage":{"input_tokens":10,"cache_read_input_tokens":5,"output_tokens":1}}})";
constexpr const char* kStop = R"({"type":"message_stop"})";

std::string stop_block() {
    return R"({"type":"content_block_stop","index":0})";
}
std::string start_block(std::string_view block) {
    return R"({"type":"content_block_start","index":0,"content_block":)" + std::string(block) + "}";
}
std::string delta(std::string_view change) {
    return R"({"type":"content_block_delta","index":0,"delta":)" + std::string(change) + "}";
}
std::string end(std::string_view reason) {
    return R"({"type":"message_delta","delta":{"stop_reason":")" + std::string(reason) +
           R"("},"usage":{"output_tokens":7}})";
}

struct Run {
    json::array deltas;   ///< of all chunks with choices
    json::array reasons;  ///< that are not null
    json::value usage;
    std::string failure;
    bool finished = false;
};

Run run(std::initializer_list<std::string> events, JsonMode mode = JsonMode::off) {
    AnswerContext context;
    context.request_id = "req";
    context.model = "asked";
    context.json_mode = mode;
    StreamTranslator stream(context, true);
    Run result;
    std::vector<std::string> chunks;
    for (const auto& event : events) {
        if (const auto fed = stream.feed(event, chunks); !fed) {
            result.failure = fed.error().message;
            break;
        }
    }
    for (const auto& chunk : chunks) {
        const auto parsed = json::parse(chunk);
        EXPECT_EQ(parsed.at("object"), json::value("chat.completion.chunk"));
        for (const auto& choice : parsed.at("choices").as_array()) {
            result.deltas.push_back(choice.at("delta"));
            if (!choice.at("finish_reason").is_null()) {
                result.reasons.push_back(choice.at("finish_reason"));
            }
        }
        if (parsed.at("choices").as_array().empty()) result.usage = parsed.at("usage");
    }
    result.finished = stream.finished();
    return result;
}

TEST(Stream, TextWithRoleReasonAndUsage) {
    const auto r =
        run({kStart, start_block(R"({"type":"text","text":""})"), R"({"type":"ping"})",
             delta(R"({"type":"text_delta","text":"Hel"})"),
             delta(R"({"type":"text_delta","text":"lo"})"), stop_block(), end("end_turn"), kStop});
    EXPECT_JSON(r.deltas, R"([{"content":"Hel","role":"assistant"},{"content":"lo"},{}])");
    EXPECT_JSON(r.reasons, R"(["stop"])");
    EXPECT_JSON(r.usage.at("prompt_tokens"), "15");
    EXPECT_JSON(r.usage.at("completion_tokens"), "7");
    EXPECT_JSON(r.usage.at("prompt_tokens_details").at("cached_tokens"), "5");
    EXPECT_JSON(r.usage.at("completion_tokens_details"),
                R"({"reasoning_tokens":0,"text_tokens":7})");
    EXPECT_TRUE(r.finished);
}

TEST(Stream, ChunksCarryTheUpstreamsIdAndModel) {
    AnswerContext context;
    context.created = 17;
    StreamTranslator stream(context, false);
    std::vector<std::string> chunks;
    for (const std::string& event :
         {std::string(kStart), start_block(R"({"type":"text","text":"a"})"), std::string(kStop)}) {
        ASSERT_TRUE(stream.feed(event, chunks));
    }
    ASSERT_EQ(chunks.size(), 2u);
    EXPECT_JSON(json::parse(chunks[0]), R"({"id":"chatcmpl-msg_1","object":"chat.completion.chunk",
        "created":17,"model":"claude-x","choices":[{"index":0,"finish_reason":null,
        "delta":{"role":"assistant","content":"a"}}]})");
}

TEST(Stream, ToolCallsAreNumberedAndAlwaysHaveArguments) {
    const auto r =
        run({kStart, start_block(R"({"type":"tool_use","id":"t1","name":"w","input":{}})"),
             delta(R"({"type":"input_json_delta","partial_json":""})"),
             delta(R"({"type":"input_json_delta","partial_json":"{\"c\":"})"),
             delta(R"({"type":"input_json_delta","partial_json":"1}"})"), stop_block(),
             start_block(R"({"type":"tool_use","id":"t2","name":"now","input":{}})"), stop_block(),
             end("tool_use"), kStop});
    EXPECT_JSON(r.deltas, R"([
        {"role":"assistant","tool_calls":[{"index":0,"id":"t1","type":"function",
            "function":{"name":"w","arguments":""}}]},
        {"tool_calls":[{"index":0,"function":{"arguments":"{\"c\":"}}]},
        {"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]},
        {"tool_calls":[{"index":1,"id":"t2","type":"function",
            "function":{"name":"now","arguments":""}}]},
        {"tool_calls":[{"index":1,"function":{"arguments":"{}"}}]},
        {}])");
    EXPECT_JSON(r.reasons, R"(["tool_calls"])");
}

TEST(Stream, InputGivenWithTheBlockIsNotLost) {
    const auto r =
        run({kStart, start_block(R"({"type":"tool_use","id":"t","name":"w","input":{"c":1}})"),
             stop_block(), end("end_turn"), kStop});
    EXPECT_JSON(r.deltas.at(1),
                R"({"tool_calls":[{"index":0,"function":{"arguments":"{\"c\":1}"}}]})");
    EXPECT_JSON(r.reasons, R"(["tool_calls"])");
}

TEST(Stream, AThinkingBlockComesOnceWholeAndSigned) {
    const auto r =
        run({kStart, start_block(R"({"type":"thinking","thinking":"","signature":""})"),
             delta(R"({"type":"thinking_delta","thinking":"Step 1. "})"),
             delta(R"({"type":"thinking_delta","thinking":"Step 2."})"),
             delta(R"({"type":"signature_delta","signature":"sig"})"), stop_block(),
             start_block(R"({"type":"redacted_thinking","data":"xyz"})"), stop_block(),
             start_block(R"({"type":"text","text":""})"),
             delta(R"({"type":"text_delta","text":"a"})"), stop_block(), end("end_turn"), kStop});
    EXPECT_JSON(r.deltas, R"([
        {"role":"assistant","reasoning_content":"Step 1. "},{"reasoning_content":"Step 2."},
        {"thinking_blocks":[{"type":"thinking","thinking":"Step 1. Step 2.","signature":"sig"}],
         "provider_specific_fields":{"thinking_blocks":[
            {"type":"thinking","thinking":"Step 1. Step 2.","signature":"sig"}]}},
        {"thinking_blocks":[{"type":"redacted_thinking","data":"xyz"}],
         "provider_specific_fields":{"thinking_blocks":[
            {"type":"redacted_thinking","data":"xyz"}]}},
        {"content":"a"},{}])");
    // Nobody counted what the thoughts took.
    EXPECT_FALSE(r.usage.as_object().contains("completion_tokens_details"));
}

json::array thinking_blocks_of(const Run& run) {
    json::array blocks;
    for (const auto& one : run.deltas) {
        if (const auto* list = one.as_object().if_contains("thinking_blocks")) {
            for (const auto& block : list->as_array()) blocks.push_back(block);
        }
    }
    return blocks;
}

TEST(Stream, SignaturesAnywhereInABlockBelongToItsWholeText) {
    const auto words = delta(R"({"type":"thinking_delta","thinking":"hm"})");
    const auto signature = delta(R"({"type":"signature_delta","signature":"sig"})");
    const auto start = start_block(R"({"type":"thinking","thinking":""})");
    const char* block = R"([{"type":"thinking","thinking":"hm","signature":"sig"}])";
    EXPECT_JSON(thinking_blocks_of(run({kStart, start, signature, words, stop_block()})), block);
    EXPECT_JSON(thinking_blocks_of(run(
                    {kStart, start, words, delta(R"({"type":"signature_delta","signature":"s"})"),
                     delta(R"({"type":"signature_delta","signature":"ig"})"), stop_block()})),
                block);
    EXPECT_JSON(thinking_blocks_of(run({kStart, start_block(R"({"type":"thinking","thinking":"hm",
            "signature":"sig"})"),
                                        stop_block()})),
                block);
    EXPECT_JSON(thinking_blocks_of(run({kStart, start, signature, stop_block()})),
                R"([{"type":"thinking","thinking":"","signature":"sig"}])");
}

TEST(Stream, AThoughtThatCannotBeSentBackIsReasoningAlone) {
    const auto start = start_block(R"({"type":"thinking","thinking":""})");
    const auto words = delta(R"({"type":"thinking_delta","thinking":"hm"})");
    for (const auto& r :
         {run({kStart, start, words, stop_block()}),
          run({kStart, start, words, delta(R"({"type":"signature_delta","signature":"sig"})")})}) {
        EXPECT_JSON(r.deltas, R"([{"role":"assistant","reasoning_content":"hm"}])");
    }
}

TEST(Stream, EveryThoughtBetweenToolCallsIsABlockOfItsOwn) {
    const auto think = start_block(R"({"type":"thinking","thinking":""})");
    const auto tool = start_block(R"({"type":"tool_use","id":"t","name":"f","input":{}})");
    const auto r = run({kStart, think, delta(R"({"type":"thinking_delta","thinking":"a"})"),
                        delta(R"({"type":"signature_delta","signature":"1"})"), stop_block(), tool,
                        stop_block(), think, delta(R"({"type":"thinking_delta","thinking":"b"})"),
                        delta(R"({"type":"signature_delta","signature":"2"})"), stop_block()});
    EXPECT_JSON(thinking_blocks_of(r), R"([{"type":"thinking","thinking":"a","signature":"1"},
        {"type":"thinking","thinking":"b","signature":"2"}])");
}

TEST(Stream, TheServiceTierStandsWhereOpenAIHasIt) {
    StreamTranslator stream({}, true);
    std::vector<std::string> chunks;
    for (const char* event :
         {R"({"type":"message_start","message":{"id":"m","usage":{"service_tier":"priority"}}})",
          R"({"type":"message_stop"})"}) {
        ASSERT_TRUE(stream.feed(event, chunks));
    }
    const auto last = json::parse(chunks.back());
    EXPECT_JSON(last.at("service_tier"), R"("priority")");
    EXPECT_FALSE(last.at("usage").as_object().contains("service_tier"));
}

TEST(Stream, UsageIsKnownFromTheStartAndUpdated) {
    StreamTranslator stream({}, false);
    std::vector<std::string> chunks;
    ASSERT_TRUE(stream.feed(kStart, chunks));
    EXPECT_TRUE(stream.take_usage_news());
    EXPECT_FALSE(stream.take_usage_news());
    EXPECT_EQ(stream.usage().to_host().input_tokens, 15u);
    EXPECT_EQ(stream.usage().to_host().output_tokens, 1u);
    ASSERT_TRUE(stream.feed(start_block(R"({"type":"text","text":"a"})"), chunks));
    EXPECT_FALSE(stream.take_usage_news());
    ASSERT_TRUE(stream.feed(end("end_turn"), chunks));
    EXPECT_TRUE(stream.take_usage_news());
    EXPECT_EQ(stream.usage().to_host().output_tokens, 7u);
}

TEST(Stream, HalvesOfACharacterGoOutAsTheyCame) {
    AnswerContext context;
    StreamTranslator stream(context, false);
    std::vector<std::string> chunks;
    ASSERT_TRUE(stream.feed(start_block(R"({"type":"text","text":""})"), chunks));
    ASSERT_TRUE(stream.feed(delta(R"({"type":"text_delta","text":"a\ud83d"})"), chunks));
    ASSERT_TRUE(stream.feed(delta(R"({"type":"text_delta","text":"\ude00b"})"), chunks));
    ASSERT_EQ(chunks.size(), 2u);
    EXPECT_NE(chunks[0].find(R"("content":"a\ud83d")"), std::string::npos) << chunks[0];
    EXPECT_NE(chunks[1].find(R"("content":"\ude00b")"), std::string::npos) << chunks[1];
}

TEST(Stream, CitationsAndSearchResults) {
    const auto r = run(
        {kStart,
         start_block(R"({"type":"server_tool_use","id":"s","name":"web_search","input":{}})"),
         delta(R"({"type":"input_json_delta","partial_json":"{\"query\":\"q\"}"})"), stop_block(),
         start_block(R"({"type":"web_search_tool_result","tool_use_id":"s","content":[
            {"type":"web_search_result","url":"u"}]})"),
         stop_block(), start_block(R"({"type":"text","text":"","citations":[]})"),
         delta(R"({"type":"text_delta","text":"so è"})"),
         delta(R"({"type":"citations_delta","citation":{"type":"web_search_result_location",
            "url":"u","title":"t"}})"),
         stop_block(), end("end_turn"), kStop});
    EXPECT_JSON(r.deltas, R"([
        {"role":"assistant","provider_specific_fields":{"web_search_calls":{"s":{
            "id":"ws_s","type":"web_search_call","status":"in_progress",
            "action":{"type":"search","query":"","queries":[],"sources":[]}}}}},
        {"provider_specific_fields":{
         "server_tool_calls":[{"id":"s","type":"function","index":0,
            "function":{"name":"web_search","arguments":"{\"query\":\"q\"}"}}],
         "web_search_calls":{"s":{
            "id":"ws_s","type":"web_search_call","status":"in_progress",
            "action":{"type":"search","query":"q","queries":["q"],"sources":[]}}}}},
        {"provider_specific_fields":{
         "web_search_results":[{"type":"web_search_tool_result","tool_use_id":"s","content":[
            {"type":"web_search_result","url":"u"}]}],
         "web_search_calls":{"s":{
            "id":"ws_s","type":"web_search_call","status":"completed",
            "action":{"type":"search","query":"q","queries":["q"],
             "sources":[{"type":"url","url":"u"}]}}}}},
        {"content":"so è"},
        {"provider_specific_fields":{"citation":{"type":"web_search_result_location","url":"u",
            "title":"t"}}},
        {"annotations":[{"type":"url_citation","url_citation":{"url":"u","title":"t",
            "start_index":0,"end_index":4}}]},
        {}])");
}

TEST(Stream, OtherToolsOfAnthropicsAreToldWhenTheyAreCalled) {
    const auto r =
        run({kStart,
             start_block(
                 R"({"type":"server_tool_use","id":"s","name":"web_fetch","input":{"url":"u"}})"),
             stop_block(), end("end_turn"), kStop});
    EXPECT_JSON(r.deltas, R"([
        {"role":"assistant","provider_specific_fields":{
         "server_tool_calls":[{"id":"s","type":"function","index":0,
            "function":{"name":"web_fetch","arguments":"{\"url\":\"u\"}"}}]}},
        {}])");
    EXPECT_JSON(r.reasons, R"(["stop"])");
}

TEST(Stream, JsonToolIsUnwrappedIntoContent) {
    const auto r =
        run({kStart, start_block(R"({"type":"text","text":""})"),
             delta(R"({"type":"text_delta","text":"Here:"})"), stop_block(),
             start_block(R"({"type":"tool_use","id":"t","name":"json_tool_call","input":{}})"),
             delta(R"({"type":"input_json_delta","partial_json":"{\"a\""})"),
             delta(R"({"type":"input_json_delta","partial_json":":1}"})"), stop_block(),
             end("tool_use"), kStop},
            JsonMode::plain);
    EXPECT_JSON(r.deltas, R"([{"role":"assistant","content":"{\"a\""},{"content":":1}"},{}])");
    EXPECT_JSON(r.reasons, R"(["stop"])");
}

TEST(Stream, JsonModeWithoutTheToolGivesTheTextAtTheEnd) {
    const auto r = run(
        {kStart, start_block(R"({"type":"text","text":""})"),
         delta(R"({"type":"text_delta","text":"I "})"),
         delta(R"({"type":"text_delta","text":"refuse"})"), stop_block(), end("end_turn"), kStop},
        JsonMode::plain);
    EXPECT_JSON(r.deltas, R"([{"role":"assistant","content":"I refuse"},{}])");
}

TEST(Stream, NativeJsonComesAsItIsWritten) {
    const auto r =
        run({kStart, start_block(R"({"type":"text","text":""})"),
             delta(R"({"type":"text_delta","text":"{\"a\""})"),
             delta(R"({"type":"text_delta","text":":1}"})"), stop_block(), end("end_turn"), kStop},
            JsonMode::native);
    EXPECT_JSON(r.deltas, R"([{"role":"assistant","content":"{\"a\""},{"content":":1}"},{}])");
}

TEST(Stream, WrappedJsonComesWholeAndUnwrapped) {
    const auto r = run(
        {kStart, start_block(R"({"type":"tool_use","id":"t","name":"json_tool_call","input":{}})"),
         delta(R"({"type":"input_json_delta","partial_json":"{\"values\":[1,"})"),
         delta(R"({"type":"input_json_delta","partial_json":"2]}"})"), stop_block(),
         end("tool_use"), kStop},
        JsonMode::wrapped);
    EXPECT_JSON(r.deltas, R"([{"role":"assistant","content":"[1,2]"},{}])");
}

TEST(Stream, NothingSaidStillHasARole) {
    const auto r = run({kStart, end("refusal"), kStop});
    EXPECT_JSON(r.deltas, R"([{"role":"assistant","content":"",
        "provider_specific_fields":{"stop_reason":"refusal"}}])");
    EXPECT_JSON(r.reasons, R"(["content_filter"])");
}

TEST(Stream, ASummaryOfTheConversationComesOnceAndWhole) {
    const auto r =
        run({kStart, start_block(R"({"type":"compaction","content":null})"),
             delta(R"({"type":"compaction_delta","content":"Sum"})"),
             delta(R"({"type":"compaction_delta","content":"mary"})"),
             delta(R"({"type":"signature_delta","signature":"s"})"), stop_block(),
             start_block(R"({"type":"text","text":""})"),
             delta(R"({"type":"text_delta","text":"a"})"), stop_block(), end("end_turn"), kStop});
    EXPECT_JSON(r.deltas.at(0).at("provider_specific_fields"),
                R"({"compaction_blocks":[{"type":"compaction","content":"Summary",
        "signature":"s"}]})");
    EXPECT_JSON(r.deltas.at(1).at("content"), R"("a")");
}

TEST(Stream, UnknownEventsBlocksAndDeltasAreIgnored) {
    const auto r = run({R"({"type":"weather"})", kStart, start_block(R"({"type":"hologram"})"),
                        delta(R"({"type":"hologram_delta","x":1})"), stop_block(), R"({})",
                        end("end_turn"), kStop, R"({"type":"afterthought"})"});
    EXPECT_EQ(r.deltas.size(), 1u);
    EXPECT_TRUE(r.finished);
}

TEST(Stream, ZeroesInOnePlaceDoNotEraseCounts) {
    const auto r = run({kStart,
                        R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},
        "usage":{"input_tokens":0,"output_tokens":7,"cache_read_input_tokens":null}})",
                        kStop});
    EXPECT_JSON(r.usage.at("prompt_tokens"), "15");
}

TEST(Stream, ErrorEventsFail) {
    const auto r = run(
        {kStart, R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})",
         kStop});
    EXPECT_EQ(r.failure,
              R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})");
    EXPECT_TRUE(r.deltas.empty());
    EXPECT_FALSE(r.finished);
}

TEST(Stream, UnreadableEventsFail) {
    for (const char* event :
         {"", "{", "7", R"({"type":"content_block_start"})",
          R"({"type":"content_block_delta","delta":1})",
          R"({"type":"content_block_start","content_block":{"type":"tool_use"}})"}) {
        EXPECT_NE(run({kStart, event}).failure, "") << event;
    }
}

TEST(Stream, IsNotFinishedBeforeMessageStop) {
    const auto r = run({kStart, end("end_turn")});
    EXPECT_FALSE(r.finished);
    EXPECT_TRUE(r.reasons.empty());
}

}  // namespace
}  // namespace patchbay::anthropic
