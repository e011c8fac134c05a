#include "contract/shape/message_facts.hpp"

#include <string>

#include <gtest/gtest.h>

#include "contract/shape/test_support.hpp"

namespace patchbay {

namespace {

struct MessageCase {
    const char* event;
    const char* json;
    const char* model = "";
    const char* usage = "";
    const char* text = "";
    bool meaningful = false;
    bool error = false;
    bool answer = false;
    bool last = false;
};

TEST(ScanMessage, TellsWhatEventsSay) {
    const MessageCase cases[] = {
        {"message_start",
         R"({"type":"message_start","message":{"id":"msg_1","model":"claude","content":[],"usage":{"input_tokens":9}}})",
         R"("claude")", R"({"input_tokens":9})"},
        {"message_start", R"( {"message":{"usage":null,"model":7},"type":"message_start"} )"},
        {"ping", R"({"type":"ping"})"},
        {"content_block_start",
         R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})"},
        {.event = "content_block_start",
         .json = R"({"type":"content_block_start","content_block":{"type":"text","text":"a"}})",
         .text = R"({"type":"text","text":"a"})",
         .meaningful = true},
        {.event = "content_block_start",
         .json = R"({"content_block":{"type":"tool_use","name":"f","input":{}}})",
         .meaningful = true},
        {.event = "content_block_start",
         .json = R"({"content_block":{"type":"server_tool_use"}})",
         .meaningful = true},
        {.event = "content_block_start",
         .json = R"({"content_block":{"type":"web_search_tool_result","content":[]}})",
         .meaningful = true},
        {.event = "content_block_start",
         .json = R"({"content_block":{"type":"thinking","thinking":"","signature":""}})"},
        {.event = "content_block_delta",
         .json =
             R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}})",
         .text = R"({"type":"text_delta","text":"Hi"})",
         .meaningful = true},
        {.event = "content_block_delta", .json = R"({"delta":{"type":"text_delta","text":""}})"},
        {.event = "content_block_delta",
         .json = R"({"delta":{"type":"thinking_delta","thinking":"T"}})",
         .text = R"({"type":"thinking_delta","thinking":"T"})",
         .meaningful = true},
        {.event = "content_block_delta",
         .json = R"({"delta":{"type":"input_json_delta","partial_json":"{"}})",
         .text = R"({"type":"input_json_delta","partial_json":"{"})",
         .meaningful = true},
        {.event = "content_block_delta",
         .json = R"({"delta":{"type":"citations_delta","citation":{"type":"x"}}})",
         .text = R"({"type":"citations_delta","citation":{"type":"x"}})",
         .meaningful = true},
        {"content_block_stop", R"({"type":"content_block_stop","index":0})"},
        {.event = "message_delta",
         .json =
             R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":7}})",
         .usage = R"({"output_tokens":7})",
         .meaningful = true},
        {.event = "message_delta", .json = R"({"delta":{"stop_reason":null}})"},
        {.event = "message_stop", .json = R"({"type":"message_stop"})", .last = true},
        // The text's own type is what clients go by.
        {.event = "message_stop", .json = R"({"type":"ping"})"},
        {.event = "", .json = R"({"type":"message_stop"})", .last = true},
        {.event = "error",
         .json = R"({"type":"error","error":{"type":"overloaded_error"}})",
         .error = true},
        {.event = "error", .json = "{}", .error = true},
        {.event = "", .json = R"({"error":{"message":"no"}})", .error = true},
        {.event = "", .json = R"({"error":null})"},
        {.event = "",
         .json =
             R"({"type":"message","model":"m","content":[{"type":"text","text":"a"}],"usage":{"output_tokens":1}})",
         .model = R"("m")",
         .usage = R"({"output_tokens":1})",
         .text = R"([{"type":"text","text":"a"}])",
         .meaningful = true,
         .answer = true},
        {.event = "", .json = R"({"type":"message","content":"a"})"},
        // A later member of the same name counts.
        {.event = "",
         .json = R"({"type":"message","model":"a","content":[],"model":"b"})",
         .model = R"("b")",
         .text = "[]",
         .meaningful = true,
         .answer = true},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.json);
        const auto facts = scan_message(c.event, c.json);
        EXPECT_TRUE(facts.object);
        EXPECT_EQ(cut(c.json, facts.model), c.model);
        EXPECT_EQ(cut(c.json, facts.usage), c.usage);
        EXPECT_EQ(cut(c.json, facts.text), c.text);
        EXPECT_EQ(facts.meaningful, c.meaningful);
        EXPECT_EQ(facts.error, c.error);
        EXPECT_EQ(facts.answer, c.answer);
        EXPECT_EQ((facts.finished != 0), c.last);
        EXPECT_FALSE(facts.usage_only);
    }
}

TEST(ScanMessage, WhatIsNoWholeObjectTellsNothing) {
    const std::string_view texts[] = {
        "",
        "[]",
        "null",
        R"({"type":"message_stop")",
        R"({"type":"message_stop"} x)",
        R"({"type":"message_stop",})",
        R"({"delta":{"text":"a})",
        R"({"delta":{"text":"a"},"type":})",
        "{\"type\":\"error\",\"x\":\"\xff\"}",
        R"({"type":"error","x":"\ud8"})",
    };
    for (const auto text : texts) {
        SCOPED_TRACE(text);
        EXPECT_EQ(scan_message("error", text), MessageFacts{});
    }
}

struct UsageCase {
    const char* what;
    const char* start;
    const char* delta;
    std::uint64_t prompt;
    std::uint64_t completion;
    std::uint64_t cached = 0;
    std::uint64_t creation = 0;
};

TEST(ReadMessageUsage, CountsAreReplacedAndNeverAdded) {
    const UsageCase cases[] = {
        {"start and delta", R"({"input_tokens":12,"output_tokens":1})", R"({"output_tokens":7})",
         12, 7},
        {"delta repeats", R"({"input_tokens":9,"cache_read_input_tokens":1,"output_tokens":1})",
         R"({"input_tokens":9,"cache_read_input_tokens":1,"output_tokens":5})", 10, 5, 1},
        {"delta is right", R"({"input_tokens":8834,"output_tokens":0})",
         R"({"input_tokens":18,"cache_read_input_tokens":8831,"output_tokens":4})", 8849, 4, 8831},
        {"all of it was cached", R"({"input_tokens":100,"output_tokens":0})",
         R"({"input_tokens":0,"cache_read_input_tokens":100,"output_tokens":4})", 100, 4, 100},
        {"zeros of one place take nothing away",
         R"({"input_tokens":12,"cache_creation_input_tokens":3,"output_tokens":0})",
         R"({"input_tokens":0,"cache_creation_input_tokens":0,"output_tokens":7})", 15, 7, 0, 3},
        {"nothing at the start", R"({"input_tokens":0,"output_tokens":0})",
         R"({"input_tokens":8,"output_tokens":7,"cache_read_input_tokens":4})", 12, 7, 4},
        {"null and other types", R"({"input_tokens":12,"cache_read_input_tokens":null})",
         R"({"input_tokens":"nine","output_tokens":-1,"cache_creation":{"x":[]}})", 12, 0},
        {"texts of numbers", R"({"input_tokens":"12"})", R"({"output_tokens":"9"})", 12, 9},
        {"a summary was written before the answer", R"({"input_tokens":9,"output_tokens":1})",
         R"({"input_tokens":23,"output_tokens":10,"iterations":[
             {"type":"compaction","input_tokens":180,"output_tokens":35,"cache_read_input_tokens":4},
             null,{"type":"message","input_tokens":23,"output_tokens":10}]})",
         207, 45, 4},
        {"one sampling is the usage", R"({"input_tokens":9,"output_tokens":1})",
         R"({"cache_creation_input_tokens":2,"output_tokens":10,"iterations":[
             {"type":"message","input_tokens":9,"output_tokens":10}]})",
         11, 10, 0, 2},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        Usage usage;
        EXPECT_TRUE(read_message_usage(c.start, usage));
        read_message_usage(c.delta, usage);
        EXPECT_EQ(usage.prompt, c.prompt);
        EXPECT_EQ(usage.completion, c.completion);
        EXPECT_EQ(usage.cached, c.cached);
        EXPECT_EQ(usage.cache_creation, c.creation);
        EXPECT_EQ(usage.total, usage.prompt + usage.completion);
    }
}

TEST(ReadMessageUsage, ReadsThinkingAndLeavesAloneWhatTellsNothing) {
    Usage usage;
    ASSERT_TRUE(read_message_usage(
        R"({"output_tokens":9,"output_tokens_details":{"thinking_tokens":4}})", usage));
    EXPECT_EQ(usage.reasoning, 4u);
    const auto before = usage;
    for (const std::string_view text :
         {"", "[]", "{}", R"({"prompt_tokens":3})", R"({"output_tokens":12)",
          R"({"output_tokens":"12 or so"})"}) {
        SCOPED_TRACE(text);
        EXPECT_FALSE(read_message_usage(text, usage));
        EXPECT_EQ(usage, before);
    }
}

}  // namespace

}  // namespace patchbay
