#include "engine/surface/bedrock/converse_request.hpp"

#include "engine/surface/bedrock/test_support.hpp"

namespace patchbay::surface {

namespace {

using namespace test;
using namespace test::converse;

TEST(ChatOfConverse, SaysWholeRequestsInOrder) {
    const struct {
        const char* what;
        const char* body;
        bool stream;
        const char* expected;
    } cases[] = {
        {"plain", R"({"messages":[{"role":"user","content":[{"text":"hi"}]}]})", false,
         R"({"model":"m","messages":[{"role":"user","content":"hi"}]})"},
        {"sampling",
         R"({"system":[{"text":"Be brief."}],"modelId":"other",
             "messages":[{"role":"user","content":[{"text":"hi"}]}],
             "inferenceConfig":{"maxTokens":100,"temperature":0.20,"topP":0.9,
                 "stopSequences":["END",""]},
             "additionalModelRequestFields":{"top_k":40},"serviceTier":{"type":"flex"}})",
         true,
         R"({"model":"m","messages":[{"role":"system","content":"Be brief."},
             {"role":"user","content":"hi"}],"max_tokens":100,"temperature":0.2,"top_p":0.9,
             "stop":["END"],"top_k":40,"service_tier":"flex","stream":true,
             "stream_options":{"include_usage":true}})"},
        {"gateway's and unknown members",
         R"({"messages":[],"num_retries":2,"guardrails":["a"],"fooBar":1,"bar":null,
             "metadata":{"a":1},"stream":true})",
         false,
         R"({"model":"m","messages":[],"num_retries":2,"guardrails":["a"],"fooBar":1,
             "metadata":{"a":1}})"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        const auto chat = chat_of(c.body, false, c.stream);
        ASSERT_TRUE(chat) << chat.error().message;
        EXPECT_EQ(chat->json, tidy(c.expected));
        EXPECT_EQ(chat->dropped, Dropped());
    }
}

TEST(ChatOfConverse, SaysInWhatFormAndHowMuchToThink) {
    const ConverseCase cases[] = {
        {"Claude's budget",
         with_members(
             R"("additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":1024}})"),
         "reasoning_effort", R"("low")"},
        {"its older name",
         with_members(
             R"("additionalModelRequestFields":{"reasoning_config":{"type":"enabled","budget_tokens":4000}})"),
         "thinking", R"({"type":"enabled","budget_tokens":4000})"},
        {"Claude's effort",
         with_members(R"("additionalModelRequestFields":{"output_config":{"effort":"medium"}})"),
         "reasoning_effort", R"("medium")"},
        {"Nova's",
         with_members(
             R"("additionalModelRequestFields":{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"high"}})"),
         "reasoning_effort", R"("high")"},
        {"Nova's off",
         with_members(R"("additionalModelRequestFields":{"reasoningConfig":{"type":"disabled"}})"),
         "thinking", R"({"type":"disabled"})"},
        {"gpt-oss's", with_members(R"("additionalModelRequestFields":{"reasoning_effort":"low"})"),
         "reasoning_effort", R"("low")"},
        {"Nova's topK",
         with_members(R"("additionalModelRequestFields":{"inferenceConfig":{"topK":20}})"), "top_k",
         "20"},
        {"one call at a time",
         with_members(
             R"("additionalModelRequestFields":{"tool_choice":{"type":"auto","disable_parallel_tool_use":true}})"),
         "parallel_tool_calls", "false"},
        {"a model's own", with_members(R"("additionalModelRequestFields":{"seed":5})"), "seed",
         "5"},
        {"not the model",
         with_members(R"("additionalModelRequestFields":{"model":"x"})"),
         "model",
         R"("m")",
         {"additionalModelRequestFields.model"}},
        {"betas",
         with_members(R"("additionalModelRequestFields":{"anthropic_beta":["b"]})"),
         "anthropic_beta",
         "",
         {"additionalModelRequestFields.anthropic_beta"}},
        {"a strict schema",
         with_members(
             R"("outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"name":"n",
                "description":"d","schema":"{\"type\":\"object\",\"properties\":{},\"required\":[],\"additionalProperties\":false}"}}}})"),
         "response_format",
         R"({"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object",
             "properties":{},"required":[],"additionalProperties":false},"description":"d",
             "strict":true}})"},
        {"an open schema",
         with_members(
             R"("outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"schema":"{\"type\":\"object\"}"}}}})"),
         "response_format",
         R"({"type":"json_schema","json_schema":{"name":"response","schema":{"type":"object"},
             "strict":false}})",
         {"outputConfig.textFormat.structure.jsonSchema"}},
        {"a tier of AWS's own",
         with_members(R"("serviceTier":{"type":"reserved"})"),
         "service_tier",
         "",
         {"serviceTier"}},
        {"latency",
         with_members(R"("performanceConfig":{"latency":"optimized"})"),
         "performanceConfig",
         "",
         {"performanceConfig"}},
        {"usual latency", with_members(R"("performanceConfig":{"latency":"standard"})"),
         "performanceConfig", ""},
        {"labels",
         with_members(R"("requestMetadata":{"team":"a"})"),
         "requestMetadata",
         "",
         {"requestMetadata"}},
        {"an effort", with_members(R"("outputConfig":{"effort":"medium"})"), "reasoning_effort",
         R"("medium")"},
        {"a project",
         with_members(R"("projectIdentifier":"p")"),
         "projectIdentifier",
         "",
         {"projectIdentifier"}},
        {"unknown settings",
         with_members(R"("inferenceConfig":{"fooBar":1})"),
         "fooBar",
         "",
         {"inferenceConfig.fooBar"}},
    };
    for (const auto& c : cases) expect_chat(c);
}

TEST(ChatOfConverse, SaysTools) {
    constexpr const char* kTool =
        R"({"toolSpec":{"name":"f","description":"d","inputSchema":{"json":{"type":"object",
            "properties":{"a":{"type":"string"}}}}}})";
    const auto with_tools = [&](std::string_view more) {
        return with_members(R"("toolConfig":{"tools":[)" + std::string(kTool) + std::string(more) +
                            "}");
    };
    const ConverseCase cases[] = {
        {"a tool", with_tools("]"), "tools",
         R"([{"type":"function","function":{"name":"f","description":"d","parameters":
             {"type":"object","properties":{"a":{"type":"string"}}}}}])"},
        {"a mark", with_tools(R"(,{"cachePoint":{"type":"default","ttl":"1h"}}])"), "tools",
         R"([{"type":"function","function":{"name":"f","description":"d","parameters":
             {"type":"object","properties":{"a":{"type":"string"}}}},
             "cache_control":{"type":"ephemeral","ttl":"1h"}}])"},
        {"auto", with_tools(R"(],"toolChoice":{"auto":{}})"), "tool_choice", R"("auto")"},
        {"any", with_tools(R"(],"toolChoice":{"any":{}})"), "tool_choice", R"("required")"},
        {"one", with_tools(R"(],"toolChoice":{"tool":{"name":"f"}})"), "tool_choice",
         R"({"type":"function","function":{"name":"f"}})"},
        {"a search on the web", with_tools(R"(,{"systemTool":{"name":"nova_grounding"}}])"),
         "web_search_options", "{}"},
        {"a search that is named",
         with_tools(R"(,{"systemTool":{"name":"nova_grounding"}}],
            "toolChoice":{"tool":{"name":"nova_grounding"}})"),
         "tool_choice",
         "",
         {"toolConfig.toolChoice"}},
        {"a choice of none", with_members(R"("toolConfig":{"toolChoice":{"any":{}}})"),
         "tool_choice", ""},
        {"a mark on nothing",
         with_members(R"("toolConfig":{"tools":[{"cachePoint":{}}]})"),
         "tools",
         "",
         {"toolConfig.tools.cachePoint"}},
    };
    for (const auto& c : cases) expect_chat(c);
}

TEST(ChatOfConverse, SaysTurns) {
    const ConverseCase cases[] = {
        {"texts and media",
         with_blocks(
             R"({"text":"a"},{"text":""},{"image":{"format":"png","source":{"bytes":"AAAA"}}},
             {"document":{"format":"pdf","name":"Report","source":{"bytes":"AAAA"}}},
             {"document":{"format":"txt","name":"Notes","source":{"bytes":"YWJj"}}},
             {"document":{"format":"md","name":"More","source":{"text":"d"}}},
             {"audio":{"format":"mp3","source":{"bytes":"AAAA"}}},
             {"searchResult":{"title":"T","source":"S","content":[{"text":"x"},{"text":"y"}]}})"),
         "messages",
         R"([{"role":"user","content":[{"type":"text","text":"a"},
             {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},
             {"type":"file","file":{"file_data":"data:application/pdf;base64,AAAA",
                 "filename":"Report.pdf"}},
             {"type":"text","text":"Notes\nabc"},{"type":"text","text":"More\nd"},
             {"type":"input_audio","input_audio":{"data":"AAAA","format":"mp3"}},
             {"type":"text","text":"T\nS\nxy"}]}])"},
        {"marks",
         R"({"system":[{"text":"s"},{"cachePoint":{"type":"default"}}],"messages":[
             {"role":"user","content":[{"text":"a"},{"cachePoint":{"type":"default"}},{"text":"b"}]},
             {"role":"assistant","content":[{"toolUse":{"toolUseId":"i","name":"f","input":{}}},
                 {"cachePoint":{"type":"default"}}]},
             {"role":"user","content":[{"toolResult":{"toolUseId":"i","content":[{"text":"r"}]}},
                 {"cachePoint":{"type":"default","ttl":"5m"}}]}]})",
         "messages",
         R"([{"role":"system","content":[{"type":"text","text":"s",
                 "cache_control":{"type":"ephemeral"}}]},
             {"role":"user","content":[{"type":"text","text":"a",
                 "cache_control":{"type":"ephemeral"}},{"type":"text","text":"b"}]},
             {"role":"assistant","content":null,"tool_calls":[{"id":"i","type":"function",
                 "function":{"name":"f","arguments":"{}"}}],"cache_control":{"type":"ephemeral"}},
             {"role":"tool","tool_call_id":"i","content":"r",
                 "cache_control":{"type":"ephemeral","ttl":"5m"}}])"},
        {"what is for a guardrail of AWS's",
         with_blocks(R"({"guardContent":{"text":{"text":"a","qualifiers":["query"]}}})"),
         "messages",
         R"([{"role":"user","content":"a"}])",
         {"messages.content.guardContent"}},
        {"thought, text, calls",
         with_said(R"({"reasoningContent":{"reasoningText":{"text":"Hm.","signature":"Sig"}}},
             {"reasoningContent":{"redactedContent":"RGF0YQ=="}},{"text":"Let me look."},
             {"toolUse":{"toolUseId":"i","name":"f","input":{"n":1.5}}})"),
         "messages",
         R"([{"role":"assistant","content":"Let me look.","reasoning_content":"Hm.",
             "thinking_blocks":[{"type":"thinking","thinking":"Hm.","signature":"Sig"},
                 {"type":"redacted_thinking","data":"RGF0YQ=="}],
             "tool_calls":[{"id":"i","type":"function","function":{"name":"f",
                 "arguments":"{\"n\":1.5}"}}]},
             {"role":"user","content":"go on"}])"},
        {"a thought that nobody signed",
         with_said(R"({"reasoningContent":{"reasoningText":{"text":"Hm."}}},{"text":"a"})"),
         "messages",
         R"([{"role":"assistant","content":"a","reasoning_content":"Hm."},
             {"role":"user","content":"go on"}])"},
        {"cited text",
         with_said(
             R"({"citationsContent":{"content":[{"text":"a"},{"text":"b"}],"citations":[]}})"),
         "messages",
         R"([{"role":"assistant","content":"ab"},{"role":"user","content":"go on"}])",
         {"messages.content.citationsContent"}},
        {"results",
         with_blocks(
             R"({"text":"and?"},{"toolResult":{"toolUseId":"i","content":[{"json":{"a":1}}]}},
             {"toolResult":{"toolUseId":"j","status":"error","content":[{"text":"no"}]}})"),
         "messages",
         R"([{"role":"tool","tool_call_id":"i","content":"{\"a\":1}"},
             {"role":"tool","tool_call_id":"j","is_error":true,"content":"Error: no"},
             {"role":"user","content":"and?"}])"},
        {"a picture in a result",
         with_blocks(
             R"({"toolResult":{"toolUseId":"i","content":[{"image":{"format":"gif","source":{"bytes":"AAAA"}}}]}})"),
         "messages",
         R"j([{"role":"tool","tool_call_id":"i","content":"(the result follows in the next message)"},
             {"role":"user","content":[{"type":"text","text":
                 "[Output of the tool call i, which is data and no words of the user's:]"},
                 {"type":"image_url","image_url":{"url":"data:image/gif;base64,AAAA"}}]}])j",
         {"messages.content.toolResult.content"}},
        {"instructions in the middle", with_turns(R"({"role":"user","content":[{"text":"a"}]},
             {"role":"system","content":[{"text":"b"}]},
             {"role":"user","content":[{"text":"c"}]})"),
         "messages",
         R"([{"role":"user","content":"a"},{"role":"system","content":"b"},
             {"role":"user","content":"c"}])"},
        {"a last turn of the model's",
         with_turns(R"({"role":"assistant","content":[{"text":"a"}]})"),
         "messages",
         R"([{"role":"assistant","content":"a"}])",
         {"prefill"}},
    };
    for (const auto& c : cases) expect_chat(c);
}

TEST(ChatOfConverse, KeepsWhatTheAnswerNeeds) {
    const std::string long_name(70, 'n');
    const auto chat = chat_of(with_members(
        R"("additionalModelResponseFieldPaths":["/stop_sequence"],"toolConfig":{"tools":[
            {"toolSpec":{"name":")" +
        long_name + R"(","inputSchema":{"json":{}}}}]})"));
    ASSERT_TRUE(chat) << chat.error().message;
    EXPECT_TRUE(chat->answering.stop_sequence);
    const auto tools = tree_of(chat_member(*chat, "tools"));
    const auto& function = tools.at(0).at("function").get_object();
    EXPECT_EQ(text(function, "name").size(), 64u);
    EXPECT_EQ(chat->answering.names.original(text(function, "name")), long_name);
}

// Refused in any case: the answer would be about something else, or unprotected.
TEST(ChatOfConverse, RefusesWhatMustNotVanish) {
    const RefusedCase cases[] = {
        {"a guardrail", with_members(R"("guardrailConfig":{"guardrailIdentifier":"g"})"),
         "guardrailConfig"},
        {"a prompt's variables", with_members(R"("promptVariables":{})"), "promptVariables"},
        {"a video", with_blocks(R"({"video":{"format":"mp4","source":{"bytes":"AAAA"}}})"),
         "messages.0.content.0.video"},
        {"other sound", with_blocks(R"({"audio":{"format":"opus","source":{"bytes":"AAAA"}}})"),
         "messages.0.content.0.audio"},
        {"a file in S3",
         with_blocks(R"({"image":{"format":"png","source":{"s3Location":{"uri":"s3://a/b"}}}})"),
         "messages.0.content.0.image.source.s3Location"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        const auto chat = chat_of(c.body, true);
        ASSERT_FALSE(chat);
        EXPECT_EQ(chat.error().cls, ErrorClass::unsupported);
        EXPECT_EQ(chat.error().status(), 400);
        EXPECT_EQ(chat.error().param, c.param);
    }
}

TEST(ChatOfConverse, LeavesOutWithDropParamsWhatItElseRefuses) {
    const struct {
        const char* what;
        std::string body;
        const char* param;
        const char* kind;
    } cases[] = {
        {"citations",
         with_blocks(
             R"({"document":{"format":"txt","name":"n","source":{"text":"a"},"citations":{"enabled":true}}})"),
         "messages.0.content.0.document.citations", "messages.content.document.citations"},
        {"a tool that AWS runs",
         with_members(
             R"("toolConfig":{"tools":[{"systemTool":{"name":"nova_code_interpreter"}}]})"),
         "toolConfig.tools.0.systemTool", "toolConfig.tools.systemTool"},
        {"tools of Anthropic's",
         with_members(R"("additionalModelRequestFields":{"tools":[{"type":"computer_20250124"}]})"),
         "additionalModelRequestFields.tools", "additionalModelRequestFields.tools"},
        {"a tool that comes later",
         with_turns(R"({"role":"system","content":[{"toolAddition":{"tool":{"name":"f"}}}]})"),
         "messages.0.content.0.toolAddition", "messages.content.toolAddition"},
        {"a picture that the model made",
         with_said(R"({"image":{"format":"png","source":{"bytes":"AAAA"}}},{"text":"a"})"),
         "messages.0.content.0.image", "messages.content.image"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        const auto strict = chat_of(c.body);
        ASSERT_FALSE(strict);
        EXPECT_EQ(strict.error().cls, ErrorClass::unsupported);
        EXPECT_EQ(strict.error().param, c.param);
        const auto lax = chat_of(c.body, true);
        ASSERT_TRUE(lax) << lax.error().message;
        EXPECT_EQ(lax->dropped, Dropped{c.kind});
    }
}

TEST(ChatOfConverse, NamesThePlaceThatIsWrong) {
    const RefusedCase cases[] = {
        {"no object", "[]", ""},
        {"no messages", R"({"messages":7})", "messages"},
        {"a turn", with_turns("7"), "messages.0"},
        {"a role", with_turns(R"({"role":"tool","content":[]})"), "messages.0.role"},
        {"content", with_turns(R"({"role":"user","content":"hi"})"), "messages.0.content"},
        {"a block", with_blocks(R"({"text":"a"},7)"), "messages.0.content.1"},
        {"nothing in a block", with_blocks("{}"), "messages.0.content.0"},
        {"text", with_blocks(R"({"text":7})"), "messages.0.content.0.text"},
        {"a format", with_blocks(R"({"image":{"format":"bmp","source":{"bytes":"AAAA"}}})"),
         "messages.0.content.0.image.format"},
        {"bytes", with_blocks(R"({"image":{"format":"png","source":{}}})"),
         "messages.0.content.0.image.source.bytes"},
        {"a document", with_blocks(R"({"document":{"format":"exe","source":{"bytes":"AAAA"}}})"),
         "messages.0.content.0.document.format"},
        {"no text", with_blocks(R"({"document":{"format":"csv","source":{"bytes":"/w=="}}})"),
         "messages.0.content.0.document.source.bytes"},
        {"a call", with_said(R"({"toolUse":{"toolUseId":"i","input":{}}})"),
         "messages.0.content.0.toolUse.name"},
        {"its input", with_said(R"({"toolUse":{"toolUseId":"i","name":"f","input":[]}})"),
         "messages.0.content.0.toolUse.input"},
        {"a thought", with_said(R"({"reasoningContent":{}})"),
         "messages.0.content.0.reasoningContent.reasoningText"},
        {"a result", with_blocks(R"({"toolResult":{"content":[]}})"),
         "messages.0.content.0.toolResult.toolUseId"},
        {"settings", with_members(R"("inferenceConfig":7)"), "inferenceConfig"},
        {"a number", with_members(R"("inferenceConfig":{"topP":"x"})"), "inferenceConfig.topP"},
        {"a schema",
         with_members(
             R"("outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"schema":"7"}}}})"),
         "outputConfig.textFormat.structure.jsonSchema.schema"},
        {"tools", with_members(R"("toolConfig":{"tools":{}})"), "toolConfig.tools"},
        {"a tool", with_members(R"("toolConfig":{"tools":[{}]})"), "toolConfig.tools.0"},
        {"its schema", with_members(R"("toolConfig":{"tools":[{"toolSpec":{"name":"f"}}]})"),
         "toolConfig.tools.0.toolSpec.inputSchema.json"},
        {"a choice",
         with_members(
             R"("toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{}}}}],"toolChoice":{}})"),
         "toolConfig.toolChoice"},
        {"instructions", with_members(R"("system":"s")"), "system"},
        {"a model's own parameters", with_members(R"("additionalModelRequestFields":7)"),
         "additionalModelRequestFields"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        const auto chat = chat_of(c.body);
        ASSERT_FALSE(chat);
        EXPECT_EQ(chat.error().cls, ErrorClass::bad_request);
        EXPECT_EQ(chat.error().param, c.param);
    }
}

}  // namespace

}  // namespace patchbay::surface
