#include "engine/surface/anthropic/messages_answer.hpp"

#include "engine/surface/hub/test_support.hpp"

namespace patchbay::surface {

namespace {

using namespace test;

struct BlocksCase {
    const char* what;
    const char* message;
    const char* finish_reason;
    const char* content;
    const char* stop_reason;
};

json::object answer_to(std::string_view choice, std::string_view usage = "{}") {
    const auto text = R"({"id":"chatcmpl-Abc","object":"chat.completion","created":1,"model":"up",
        "choices":[)" +
                      std::string(choice) + R"(],"usage":)" + std::string(usage) + "}";
    return tree_of(message_of_chat(text, "claude")).get_object();
}

TEST(MessageOfChat, BlocksStandInAnthropicsOrder) {
    const BlocksCase cases[] = {
        {"text", R"({"role":"assistant","content":"Hi","refusal":null})", "stop",
         R"([{"type":"text","text":"Hi"}])", "end_turn"},
        {"nothing", R"({"role":"assistant","content":null})", "stop", "[]", "end_turn"},
        {"cut", R"({"content":"Hi"})", "length", R"([{"type":"text","text":"Hi"}])", "max_tokens"},
        {"filtered", R"({"content":""})", "content_filter", "[]", "refusal"},
        {"refused", R"({"content":null,"refusal":"No."})", "stop",
         R"([{"type":"text","text":"No."}])", "refusal"},
        {"list of parts", R"({"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]})",
         "stop", R"([{"type":"text","text":"ab"}])", "end_turn"},
        {"thought without a signature", R"({"content":"4","reasoning_content":"T"})", "stop",
         R"([{"type":"thinking","thinking":"T","signature":""},{"type":"text","text":"4"}])",
         "end_turn"},
        {"thought under its other name", R"({"content":"4","reasoning":"T"})", "stop",
         R"([{"type":"thinking","thinking":"T","signature":""},{"type":"text","text":"4"}])",
         "end_turn"},
        {"exact blocks", R"({"content":"4","reasoning_content":"T","thinking_blocks":[
            {"type":"thinking","thinking":"T","signature":"S","cache_control":{}},
            {"type":"redacted_thinking","data":"D"}]})",
         "stop",
         R"([{"type":"thinking","thinking":"T","signature":"S"},
             {"type":"redacted_thinking","data":"D"},{"type":"text","text":"4"}])",
         "end_turn"},
        {"calls", R"({"content":"Let me look.","tool_calls":[
            {"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"n\": 12345678901234567890123, \"x\": 0.70}"}},
            {"id":"call_2","type":"function","function":{"name":"g","arguments":""}}]})",
         "tool_calls",
         R"([{"type":"text","text":"Let me look."},
             {"type":"tool_use","id":"call_1","name":"f","input":{"n":12345678901234567890123,"x":0.7}},
             {"type":"tool_use","id":"call_2","name":"g","input":{}}])",
         "tool_use"},
        {"calls behind a stop", R"({"content":null,"tool_calls":[
            {"id":"call_1","function":{"name":"f","arguments":{"a":1}}}]})",
         "stop", R"([{"type":"tool_use","id":"call_1","name":"f","input":{"a":1}}])", "tool_use"},
        {"a reason without calls", R"({"content":"Hi","tool_calls":[]})", "tool_calls",
         R"([{"type":"text","text":"Hi"}])", "end_turn"},
        {"calls that were cut", R"({"content":null,"tool_calls":[
            {"id":"call_1","function":{"name":"f","arguments":"{\"a"}}]})",
         "length", R"([{"type":"tool_use","id":"call_1","name":"f","input":{"arguments":"{\"a"}}])",
         "max_tokens"},
        {"arguments that are no object",
         R"({"tool_calls":[{"id":"a","function":{"name":"f","arguments":"[1]"}},
            {"id":"b","function":{"name":"f","arguments":"null"}}]})",
         "tool_calls",
         R"([{"type":"tool_use","id":"a","name":"f","input":{"arguments":"[1]"}},
             {"type":"tool_use","id":"b","name":"f","input":{}}])",
         "tool_use"},
        {"image",
         R"({"content":"See:","images":[{"type":"image_url","image_url":{"url":"data:"}}]})",
         "stop", R"([{"type":"text","text":"See:\n[An image, which this API cannot show.]\n"}])",
         "end_turn"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        auto message = answer_to(R"({"index":0,"message":)" + std::string(c.message) +
                                 R"(,"finish_reason":")" + c.finish_reason + "\"}");
        EXPECT_EQ(message["content"], tree_of(c.content)) << json_tree::write(message);
        EXPECT_EQ(text(message, "stop_reason"), c.stop_reason);
    }
}

TEST(MessageOfChat, IdsAreOnesThatClientsCanSendBack) {
    auto message = answer_to(
        R"({"message":{"tool_calls":[{"id":"functions.f:0","function":{"name":"f","arguments":""}},
            {"function":{"name":"f"}},{"function":{"name":"f"}}]}})");
    const auto& content = message["content"].get_array();
    ASSERT_EQ(content.size(), 3u);
    EXPECT_EQ(text(content[0].get_object(), "id"), messages_call_id("functions.f:0"));
    EXPECT_EQ(text(content[1].get_object(), "id").size(), 43u);
    EXPECT_NE(text(content[1].get_object(), "id"), text(content[2].get_object(), "id"));
}

TEST(MessageOfChat, LegacyCallsAreCalls) {
    auto message = answer_to(
        R"({"message":{"content":null,"function_call":{"name":"f","arguments":"{\"a\":1}"}},
            "finish_reason":"function_call"})");
    const auto& block = message["content"].get_array().at(0).get_object();
    EXPECT_EQ(text(block, "name"), "f");
    EXPECT_EQ(text(block, "id").size(), 43u);
    EXPECT_EQ(text(message, "stop_reason"), "tool_use");
}

TEST(MessageOfChat, TellsHowItEndedInAnthropicsWordsWhereTheProviderUsedThem) {
    auto message = answer_to(
        R"({"message":{"content":"a","provider_specific_fields":{"stop_reason":"pause_turn"}},
            "finish_reason":"length"})");
    EXPECT_EQ(text(message, "stop_reason"), "pause_turn");
    message = answer_to(
        R"({"message":{"content":"a"},"finish_reason":"length",
            "provider_specific_fields":{"native_finish_reason":"model_context_window_exceeded"}})");
    EXPECT_EQ(text(message, "stop_reason"), "model_context_window_exceeded");
    message =
        answer_to(R"({"message":{"content":"a"},"finish_reason":"stop","stop_sequence":"END"})");
    EXPECT_EQ(text(message, "stop_reason"), "stop_sequence");
    EXPECT_EQ(text(message, "stop_sequence"), "END");
    message = answer_to(
        R"({"message":{"content":""},"finish_reason":"content_filter",
            "provider_specific_fields":{"stop_details":{"type":"refusal","category":"bio"}}})");
    EXPECT_EQ(json_tree::write(message["stop_details"]), R"({"type":"refusal","category":"bio"})");
}

TEST(MessageOfChat, IsAMessage) {
    auto message = answer_to(R"({"message":{"content":"a"},"finish_reason":"stop"})");
    EXPECT_EQ(text(message, "id"), "msg_Abc");
    EXPECT_EQ(text(message, "type"), "message");
    EXPECT_EQ(text(message, "role"), "assistant");
    EXPECT_EQ(text(message, "model"), "claude");
    EXPECT_TRUE(message.at("stop_sequence").is_null());
    EXPECT_EQ(message_of_chat("[]", "m"),
              message_of_chat("{", "m"));  // no answer: an empty message, and no fault
}

TEST(MessageOfChat, UsageLeavesTheCachedTokensOut) {
    const struct {
        const char* usage;
        const char* expected;
    } cases[] = {
        {R"({"prompt_tokens":100,"completion_tokens":7,"total_tokens":107,
             "prompt_tokens_details":{"cached_tokens":75}})",
         R"({"input_tokens":25,"cache_creation_input_tokens":0,"cache_read_input_tokens":75,"output_tokens":7})"},
        {R"({"prompt_tokens":12,"completion_tokens":7,"completion_tokens_details":{"reasoning_tokens":5}})",
         R"({"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":7,
             "output_tokens_details":{"thinking_tokens":5}})"},
        {R"({"prompt_tokens":15,"completion_tokens":7,"cache_creation_input_tokens":2,"cache_read_input_tokens":1,
             "prompt_tokens_details":{"cached_tokens":1,"cache_creation_tokens":2,
               "cache_creation_token_details":{"ephemeral_5m_input_tokens":2,"ephemeral_1h_input_tokens":0}},
             "server_tool_use":{"web_search_requests":1},"service_tier":"priority"})",
         R"({"input_tokens":12,"cache_creation_input_tokens":2,"cache_read_input_tokens":1,"output_tokens":7,
             "cache_creation":{"ephemeral_5m_input_tokens":2,"ephemeral_1h_input_tokens":0},
             "server_tool_use":{"web_search_requests":1},"service_tier":"priority"})"},
        {R"({"prompt_tokens":3,"prompt_tokens_details":{"cached_tokens":9}})",
         R"({"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":9,"output_tokens":0})"},
        {"null",
         R"({"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0})"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.usage);
        auto message = answer_to(R"({"message":{"content":"a"},"finish_reason":"stop"})", c.usage);
        EXPECT_EQ(json_tree::write(message["usage"]), tidy(c.expected));
    }
}

TEST(MessageOfChat, ToolsHaveTheirNamesBack) {
    ChatNames names;
    const std::string name(70, 'n');
    const auto answer =
        R"({"id":"1","choices":[{"message":{"tool_calls":[{"id":"a","function":{"name":")" +
        names.shorten(name) + R"(","arguments":"{}"}}]}}]})";
    auto message = tree_of(message_of_chat(answer, "m", names)).get_object();
    EXPECT_EQ(text(message["content"].get_array().at(0).get_object(), "name"), name);
}

}  // namespace

}  // namespace patchbay::surface
