// SPDX-License-Identifier: Apache-2.0
#include "response.hpp"

#include "test_support.hpp"

namespace patchbay::anthropic {
namespace {

AnswerContext context(JsonMode mode = JsonMode::off) {
    AnswerContext c;
    c.created = 1700000000;
    c.request_id = "req-1";
    c.model = "asked";
    c.json_mode = mode;
    return c;
}

json::value answer(std::string_view upstream, const AnswerContext& c = context()) {
    const auto translated = translate_answer(upstream, c);
    return translated ? json::parse(translated->json) : json::value(translated.error().message);
}

json::value message_of(std::string_view content, const AnswerContext& c = context()) {
    std::string upstream = R"({"content":)";
    return answer(upstream.append(content).append(R"(,"stop_reason":"end_turn"})"), c)
        .at("choices")
        .at(0)
        .at("message");
}

TEST(Answer, TextWithUsage) {
    EXPECT_JSON(answer(R"({"id":"msg_1","type":"message","role":"assistant","model":"claude-x",
        "content":[{"type":"text","text":"Hello"},{"type":"text","text":" you"}],
        "stop_reason":"end_turn","stop_sequence":null,
        "usage":{"input_tokens":10,"output_tokens":5,"cache_creation_input_tokens":3,
            "cache_read_input_tokens":2,"cache_creation":{"ephemeral_5m_input_tokens":1,
            "ephemeral_1h_input_tokens":2},"output_tokens_details":{"thinking_tokens":4},
            "server_tool_use":{"web_search_requests":1,"web_fetch_requests":2},
            "service_tier":"priority"}})"),
                R"({"id":"chatcmpl-msg_1","object":"chat.completion","created":1700000000,
        "model":"claude-x","choices":[{"index":0,"finish_reason":"stop","message":{
            "role":"assistant","content":"Hello you","tool_calls":null,"function_call":null}}],
        "usage":{"prompt_tokens":15,"completion_tokens":5,"total_tokens":20,
            "prompt_tokens_details":{"cached_tokens":2,"cache_creation_tokens":3,
                "cache_write_tokens":3,"text_tokens":10,
                "cache_creation_token_details":{"ephemeral_5m_input_tokens":1,
                    "ephemeral_1h_input_tokens":2}},
            "completion_tokens_details":{"reasoning_tokens":4,"text_tokens":1},
            "cache_creation_input_tokens":3,"cache_read_input_tokens":2,
            "server_tool_use":{"web_search_requests":1,"web_fetch_requests":2},
            "service_tier":"priority"}})");
}

TEST(Answer, UsageForTheHost) {
    const auto translated = translate_answer(
        R"({"content":[],"usage":{"input_tokens":1,"output_tokens":9,"cache_read_input_tokens":20,
            "cache_creation_input_tokens":null,"output_tokens_details":{"thinking_tokens":7}}})",
        context());
    ASSERT_TRUE(translated);
    const auto usage = translated->usage.to_host();
    EXPECT_EQ(usage.input_tokens, 21u);
    EXPECT_EQ(usage.output_tokens, 9u);
    EXPECT_EQ(usage.cached_input_tokens, 20u);
    EXPECT_EQ(usage.cache_write_tokens, 0u);
    EXPECT_EQ(usage.reasoning_tokens, 7u);
}

TEST(Answer, ToolCallsWithArgumentsAsText) {
    const auto choice = answer(R"({"content":[{"type":"text","text":"Let me see."},
        {"type":"tool_use","id":"toolu_1","name":"w","input":{"c":"Rome","t":0.5}},
        {"type":"tool_use","id":"toolu_2","name":"now","input":{}}],"stop_reason":"tool_use"})")
                            .at("choices")
                            .at(0);
    EXPECT_JSON(choice.at("finish_reason"), R"("tool_calls")");
    EXPECT_JSON(choice.at("message").at("content"), R"("Let me see.")");
    EXPECT_JSON(choice.at("message").at("tool_calls"), R"([
        {"index":0,"id":"toolu_1","type":"function",
         "function":{"name":"w","arguments":"{\"c\":\"Rome\",\"t\":0.5}"}},
        {"index":1,"id":"toolu_2","type":"function","function":{"name":"now","arguments":"{}"}}])");
}

TEST(Answer, ThinkingIsReasoningAndBlocksForTheReplay) {
    EXPECT_JSON(message_of(R"([{"type":"thinking","thinking":"hm","signature":"s"},
        {"type":"redacted_thinking","data":"d"},{"type":"text","text":"a"}])"),
                R"({"role":"assistant","content":"a","tool_calls":null,"function_call":null,
        "reasoning_content":"hm","thinking_blocks":[
            {"type":"thinking","thinking":"hm","signature":"s"},
            {"type":"redacted_thinking","data":"d"}],
        "provider_specific_fields":{"thinking_blocks":[
            {"type":"thinking","thinking":"hm","signature":"s"},
            {"type":"redacted_thinking","data":"d"}]}})");
}

TEST(Answer, ASummaryOfTheConversationIsKeptForTheReplay) {
    EXPECT_JSON(message_of(R"([{"type":"compaction","content":"Summary","signature":"s"},
        {"type":"text","text":"a"}])"),
                R"({"role":"assistant","content":"a","tool_calls":null,"function_call":null,
        "provider_specific_fields":{"compaction_blocks":[
            {"type":"compaction","content":"Summary","signature":"s"}]}})");
}

TEST(Answer, ThoughtsWithoutASignatureAreReasoningAlone) {
    const auto message = message_of(R"([{"type":"thinking","thinking":"a ","signature":""},
        {"type":"thinking","thinking":"b","signature":"s"},{"type":"text","text":"c"}])");
    EXPECT_JSON(message.at("reasoning_content"), R"("a b")");
    EXPECT_JSON(message.at("thinking_blocks"),
                R"([{"type":"thinking","thinking":"b","signature":"s"}])");
    const auto unsigned_alone = message_of(R"([{"type":"thinking","thinking":"a"}])");
    EXPECT_JSON(unsigned_alone.at("reasoning_content"), R"("a")");
    EXPECT_FALSE(unsigned_alone.as_object().contains("thinking_blocks"));
}

TEST(Answer, ArgumentsKeepTheirNumbersAndHalves) {
    const auto translated = translate_answer(R"({"content":[{"type":"tool_use","id":"t","name":"f",
        "input":{"id":12345678901234567890123,"chat":7960607143101464576,"n":1000,"x":1e3,"y":0.10,
        "half":"\ud83d"}}]})",
                                             context());
    ASSERT_TRUE(translated);
    EXPECT_NE(translated->json.find(
                  R"("arguments":"{\"id\":12345678901234567890123,\"chat\":7960607143101464576,)"
                  R"(\"n\":1000,\"x\":1e3,\"y\":0.1)"),
              std::string::npos)
        << translated->json;
    EXPECT_NE(translated->json.find(R"(\"half\":\"\\ud83d\"}")"), std::string::npos)
        << translated->json;
}

TEST(Answer, WebSearchGivesAnnotationsCountedInCharacters) {
    const auto message = message_of(R"([
        {"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"q"}},
        {"type":"web_search_tool_result","tool_use_id":"srvtoolu_1",
         "content":[{"type":"web_search_result","url":"https://x.test"}]},
        {"type":"text","text":"Caffè "},
        {"type":"text","text":"is è","citations":[{"type":"web_search_result_location",
            "url":"https://x.test","title":"X","cited_text":"c","encrypted_index":"e"}]}])");
    EXPECT_JSON(message.at("content"), R"("Caffè is è")");
    EXPECT_JSON(message.at("annotations"), R"([{"type":"url_citation","url_citation":{
        "url":"https://x.test","title":"X","start_index":6,"end_index":10}}])");
    EXPECT_JSON(message.at("provider_specific_fields"), R"({"citations":[[
        {"type":"web_search_result_location","url":"https://x.test","title":"X","cited_text":"c",
         "encrypted_index":"e","supported_text":"is è"}]],
        "web_search_results":[{"type":"web_search_tool_result","tool_use_id":"srvtoolu_1",
         "content":[{"type":"web_search_result","url":"https://x.test"}]}],
        "web_search_calls":[{"id":"ws_srvtoolu_1","type":"web_search_call","status":"completed",
         "action":{"type":"search","query":"q","queries":["q"],
          "sources":[{"type":"url","url":"https://x.test"}]}}],
        "server_tool_calls":[{"id":"srvtoolu_1","type":"function","index":0,
         "function":{"name":"web_search","arguments":"{\"query\":\"q\"}"}}]})");
    EXPECT_TRUE(message.at("tool_calls").is_null());
}

TEST(Answer, FinishReasons) {
    EXPECT_EQ(finish_reason("end_turn"), "stop");
    EXPECT_EQ(finish_reason("stop_sequence"), "stop");
    EXPECT_EQ(finish_reason("pause_turn"), "length");
    EXPECT_EQ(finish_reason("max_tokens"), "length");
    EXPECT_EQ(finish_reason("model_context_window_exceeded"), "length");
    EXPECT_EQ(finish_reason("tool_use"), "tool_calls");
    EXPECT_EQ(finish_reason("refusal"), "content_filter");
    EXPECT_EQ(finish_reason("something_new"), "stop");
    EXPECT_EQ(finish_reason(""), "stop");
}

TEST(Answer, JsonToolIsTheContent) {
    const auto choice = answer(R"({"content":[{"type":"text","text":"Here:"},
        {"type":"tool_use","id":"t","name":"json_tool_call","input":{"a":1}}],
        "stop_reason":"tool_use"})",
                               context(JsonMode::plain))
                            .at("choices")
                            .at(0);
    EXPECT_JSON(choice.at("finish_reason"), R"("stop")");
    EXPECT_JSON(choice.at("message").at("content"), R"("{\"a\":1}")");
    EXPECT_TRUE(choice.at("message").at("tool_calls").is_null());
}

TEST(Answer, WrappedJsonIsUnwrapped) {
    EXPECT_JSON(message_of(R"([{"type":"tool_use","id":"t","name":"json_tool_call",
        "input":{"values":[1,2]}}])",
                           context(JsonMode::wrapped))
                    .at("content"),
                R"("[1,2]")");
}

TEST(Answer, ToolOfThatNameIsACallOutsideOfJsonMode) {
    EXPECT_TRUE(message_of(R"([{"type":"tool_use","id":"t","name":"json_tool_call","input":{}}])")
                    .at("tool_calls")
                    .is_array());
}

TEST(Answer, PrefixIsPutInFrontOnce) {
    auto c = context();
    c.prefix = "Well,";
    EXPECT_JSON(message_of(R"([{"type":"text","text":" yes"}])", c).at("content"),
                R"("Well, yes")");
    EXPECT_JSON(message_of(R"([{"type":"text","text":"Well, no"}])", c).at("content"),
                R"("Well, no")");
}

TEST(Answer, NothingSaidIsNullContentAndOurId) {
    const auto whole = answer(R"({"content":[],"stop_reason":"refusal",
        "stop_details":{"type":"refusal","category":"cyber"}})");
    EXPECT_JSON(whole.at("id"), R"("chatcmpl-req-1")");
    EXPECT_JSON(whole.at("model"), R"("asked")");
    EXPECT_JSON(whole.at("choices"), R"([{"index":0,"finish_reason":"content_filter",
        "message":{"role":"assistant","content":null,"tool_calls":null,"function_call":null,
            "provider_specific_fields":{"stop_reason":"refusal"}},
        "provider_specific_fields":{"stop_details":{"type":"refusal","category":"cyber"}}}])");
}

TEST(Answer, UnreadableOnesAreUpstreamFailures) {
    for (const char* upstream : {"", "{", "[]", "{}", R"({"content":1})", R"({"content":[1]})",
                                 R"({"content":[{"type":"tool_use"}]})",
                                 R"({"content":[{"type":"tool_use","name":3}]})"}) {
        const auto translated = translate_answer(upstream, context());
        ASSERT_FALSE(translated) << upstream;
        EXPECT_EQ(translated.error().cls, BAY_ERR_UPSTREAM);
    }
}

}  // namespace
}  // namespace patchbay::anthropic
