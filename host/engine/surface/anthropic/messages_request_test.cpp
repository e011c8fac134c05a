#include "engine/surface/anthropic/request_test_support.hpp"

namespace patchbay::surface {

namespace {

using namespace test;

TEST(ChatOfMessages, SaysWholeRequestsInOrder) {
    const Case cases[] = {
        {"plain", R"({"model":"m","max_tokens":256,"messages":[{"role":"user","content":"hi"}]})",
         R"({"model":"m","messages":[{"role":"user","content":"hi"}],"max_tokens":256})"},
        {"sampling",
         R"({"model":"m","max_tokens":9,"system":"Be brief.","temperature":0.20,"top_p":0.9,"top_k":5,
             "stop_sequences":["END"," "],"metadata":{"user_id":"u-1"},"stream":true,
             "messages":[{"role":"user","content":"hi"}]})",
         R"({"model":"m","messages":[{"role":"system","content":"Be brief."},
             {"role":"user","content":"hi"}],"max_tokens":9,"temperature":0.2,"top_p":0.9,"top_k":5,
             "stop":["END"],"metadata":{"user_id":"u-1"},"user":"u-1","stream":true,
             "stream_options":{"include_usage":true}})"},
        {"gateway's and unknown members",
         R"({"model":"m","max_tokens":9,"num_retries":2,"guardrails":["a"],"tags":["t"],"foo":1,
             "bar":null,"litellm_metadata":{"a":1},"stream":false,"messages":[]})",
         R"({"model":"m","messages":[],"max_tokens":9,"num_retries":2,"guardrails":["a"],
             "tags":["t"],"foo":1,"litellm_metadata":{"a":1}})"},
        {"numbers that no double holds",
         R"({"model":"m","max_tokens":12345678901234567890123,"messages":[]})",
         R"({"model":"m","messages":[],"max_tokens":12345678901234567890123})"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        const auto chat = chat_of_messages(c.body);
        ASSERT_TRUE(chat) << chat.error().message;
        EXPECT_EQ(chat->json, tidy(c.expected));
        EXPECT_EQ(chat->dropped, c.dropped);
    }
}

TEST(ChatOfMessages, SaysHowMuchToThinkAndInWhatForm) {
    const MemberCase cases[] = {
        {"low", R"("thinking":{"type":"enabled","budget_tokens":1024})", "reasoning_effort",
         R"("low")"},
        {"medium", R"("thinking":{"type":"enabled","budget_tokens":1025})", "reasoning_effort",
         R"("medium")"},
        {"high", R"("thinking":{"type":"enabled","budget_tokens":31999})", "reasoning_effort",
         R"("high")"},
        {"budget", R"("thinking":{"type":"enabled","budget_tokens":1024,"display":"omitted"})",
         "thinking", R"({"type":"enabled","budget_tokens":1024})"},
        {"disabled", R"("thinking":{"type":"disabled"})", "thinking", R"({"type":"disabled"})"},
        {"disabled, no effort",
         R"("thinking":{"type":"disabled"},"output_config":{"effort":"high"})",
         "reasoning_effort",
         "",
         {"output_config.effort"}},
        {"adaptive", R"("thinking":{"type":"adaptive"})", "thinking", ""},
        {"adaptive with effort",
         R"("thinking":{"type":"adaptive"},"output_config":{"effort":"medium"})",
         "reasoning_effort", R"("medium")"},
        {"effort wins",
         R"("thinking":{"type":"enabled","budget_tokens":9999},"output_config":{"effort":"low"})",
         "reasoning_effort", R"("low")"},
        {"more than others know",
         R"("output_config":{"effort":"max"})",
         "reasoning_effort",
         R"("high")",
         {"output_config.effort"}},
        {"schema",
         R"("output_config":{"format":{"type":"json_schema","schema":{"type":"object","additionalProperties":false}}})",
         "response_format",
         R"({"type":"json_schema","json_schema":{"name":"structured_output",
             "schema":{"type":"object","additionalProperties":false},"strict":true}})"},
        {"schema that OpenAI does not take as strict",
         R"("output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}})",
         "response_format",
         R"({"type":"json_schema","json_schema":{"name":"structured_output","schema":{"type":"object"},"strict":false}})",
         {"output_config.format"}},
        {"older schema, and what only saves tokens",
         R"("output_format":{"type":"json_schema","schema":{}},"output_config":{"task_budget":{}})",
         "response_format",
         R"({"type":"json_schema","json_schema":{"name":"structured_output","schema":{},"strict":true}})",
         {"output_config"}},
        {"tier", R"("service_tier":"standard_only")", "service_tier", R"("default")"},
        {"tier auto", R"("service_tier":"auto")", "service_tier", R"("auto")"},
        {"speed", R"("speed":"standard")", "speed", ""},
        {"saving tokens",
         R"("context_management":{"edits":[]})",
         "context_management",
         "",
         {"context_management"}},
        {"long user",
         R"("metadata":{"user_id":"0123456789012345678901234567890123456789012345678901234567890123456789"})",
         "user", R"("0123456789012345678901234567890123456789012345678901234567890123")"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        const auto chat = chat_of_messages(with_members(c.members));
        ASSERT_TRUE(chat) << chat.error().message;
        EXPECT_EQ(member(*chat, c.name), *c.expected ? tidy(c.expected) : "");
        EXPECT_EQ(chat->dropped, c.dropped);
    }
}

TEST(ChatOfMessages, SystemIsText) {
    const MemberCase cases[] = {
        {"blocks", R"("system":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},
            {"type":"text","text":"b"}])",
         "messages",
         R"([{"role":"system","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},
             {"type":"text","text":"b"}]},{"role":"user","content":"hi"}])"},
        {"empty", R"("system":"")", "messages", R"([{"role":"user","content":"hi"}])"},
        {"what counts for bills only", R"("system":[{"type":"text",
            "text":"x-anthropic-billing-header: cc_version=1; cch=2;"},{"type":"text","text":"b"}])",
         "messages",
         R"([{"role":"system","content":[{"type":"text","text":"b"}]},{"role":"user","content":"hi"}])"},
        {"a mark on the request", R"("cache_control":{"type":"ephemeral"})", "messages",
         R"([{"role":"user","content":"hi","cache_control":{"type":"ephemeral"}}])"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        const auto chat = chat_of_messages(with_members(c.members));
        ASSERT_TRUE(chat) << chat.error().message;
        EXPECT_EQ(member(*chat, c.name), tidy(c.expected));
    }
}

TEST(ChatOfMessages, WrongShapesNameTheirPlace) {
    const struct {
        std::string body;
        const char* param;
    } cases[] = {
        {R"([])", ""},
        {R"({"model":"m"})", "messages"},
        {R"({"messages":{}})", "messages"},
        {with_turns("1"), "messages.0"},
        {with_turns(R"({"role":"user"})"), "messages.0.content"},
        {with_turns(R"({"role":"user","content":5})"), "messages.0.content"},
        {with_turns(R"({"role":"tool","content":"x"})"), "messages.0.role"},
        {with_turns(R"({"role":"user","content":"a"},{"role":"assistant","content":[7]})"),
         "messages.1.content.0"},
        {with_blocks("null"), "messages.0.content.0"},
        {with_blocks(R"({"text":"a"})"), "messages.0.content.0.type"},
        {with_blocks(R"({"type":"text"})"), "messages.0.content.0.text"},
        {with_blocks(R"({"type":"text","text":"a"},{"type":"image"})"),
         "messages.0.content.1.source"},
        {with_blocks(R"({"type":"image","source":{"type":"base64","data":"AA"}})"),
         "messages.0.content.0.source.media_type"},
        {with_blocks(R"({"type":"image","source":{"type":"gopher"}})"),
         "messages.0.content.0.source.type"},
        {with_blocks(R"({"type":"document","source":{"type":"url"}})"),
         "messages.0.content.0.source.url"},
        {with_blocks(
             R"({"type":"document","source":{"type":"content","content":[{"type":"text"}]}})"),
         "messages.0.content.0.source.content.0.text"},
        {with_blocks(R"({"type":"tool_result","content":"x"})"),
         "messages.0.content.0.tool_use_id"},
        {with_blocks(R"({"type":"tool_result","tool_use_id":"t","content":[{"type":"image"}]})"),
         "messages.0.content.0.content.0.source"},
        {with_turns(
             R"({"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":3}]})"),
         "messages.0.content.0.input"},
        {with_turns(R"({"role":"assistant","content":[{"type":"tool_use","name":"f"}]})"),
         "messages.0.content.0.id"},
        {with_turns(R"({"role":"assistant","content":[{"type":"redacted_thinking"}]})"),
         "messages.0.content.0.data"},
        {with_members(R"("system":7)"), "system"},
        {with_members(R"("temperature":"hot")"), "temperature"},
        {with_members(R"("stop_sequences":"x")"), "stop_sequences"},
        {with_members(R"("stop_sequences":["x",1])"), "stop_sequences.1"},
        {with_members(R"("stream":"yes")"), "stream"},
        {with_members(R"("metadata":[])"), "metadata"},
        {with_members(R"("tools":{})"), "tools"},
        {with_members(R"("tools":[{"input_schema":{}}])"), "tools.0.name"},
        {with_members(R"("tools":[{"name":"f"}])"), "tools.0.input_schema"},
        {with_members(R"("tools":[{"name":"f","input_schema":{},"strict":1}])"), "tools.0.strict"},
        {with_members(R"("tool_choice":"auto")"), "tool_choice"},
        {with_members(R"("tool_choice":{"type":"some"})"), "tool_choice.type"},
        {with_members(R"("tool_choice":{"type":"tool"})"), "tool_choice.name"},
        {with_members(R"("thinking":"yes")"), "thinking.type"},
        {with_members(R"("thinking":{"type":"enabled"})"), "thinking.budget_tokens"},
        {with_members(R"("output_config":{"effort":"tiny"})"), "output_config.effort"},
        {with_members(R"("output_config":{"format":{"type":"xml"}})"), "output_config.format.type"},
        {with_members(R"("output_format":{"type":"json_schema"})"), "output_format.schema"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.body);
        const auto chat = chat_of_messages(c.body);
        ASSERT_FALSE(chat);
        EXPECT_EQ(chat.error().cls, ErrorClass::bad_request);
        EXPECT_EQ(chat.error().status(), 400);
        EXPECT_EQ(chat.error().param, c.param);
        EXPECT_NE(chat.error().message.find(c.param), std::string::npos);
    }
}

TEST(ChatOfMessages, WhatCannotBeSaidIsRefusedOrDropped) {
    const struct {
        std::string body;
        const char* param;
        const char* note;
    } cases[] = {
        {with_members(R"("tools":[{"type":"web_fetch_20250910","name":"web_fetch"}])"), "tools.0",
         "tools"},
        {with_members(R"("tools":[{"type":"computer_20250124","name":"computer"}])"), "tools.0",
         "tools"},
        {with_members(
             R"("tools":[{"type":"web_search_20250305","name":"web_search","allowed_domains":["x"]}])"),
         "tools.0.allowed_domains", "tools.allowed_domains"},
        {with_members(R"("mcp_servers":[{"type":"url","url":"https://m","name":"m"}])"),
         "mcp_servers", "mcp_servers"},
        {with_members(R"("container":"c")"), "container", "container"},
        {with_members(R"("speed":"fast")"), "speed", "speed"},
        {with_members(R"("inference_geo":"eu")"), "inference_geo", "inference_geo"},
        {with_blocks(R"({"type":"document","citations":{"enabled":true},
            "source":{"type":"text","media_type":"text/plain","data":"w"}})"),
         "messages.0.content.0.citations", "messages.content.citations"},
        {with_blocks(R"({"type":"container_upload","file_id":"f"})"), "messages.0.content.0",
         "messages.content"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.body);
        const auto refused = chat_of_messages(c.body);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().cls, ErrorClass::unsupported);
        EXPECT_EQ(refused.error().status(), 400);
        EXPECT_EQ(refused.error().param, c.param);
        const auto dropped = chat_of_messages(c.body, true);
        ASSERT_TRUE(dropped) << dropped.error().message;
        EXPECT_EQ(dropped->dropped, Names{c.note});
    }
    EXPECT_TRUE(chat_of_messages(with_members(R"("container":"c","drop_params":true)")));
    EXPECT_TRUE(chat_of_messages(with_members(R"("mcp_servers":[])")));
}

}  // namespace

}  // namespace patchbay::surface
