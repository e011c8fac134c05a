#include "engine/surface/openai/responses_request.hpp"

#include <boost/algorithm/string/join.hpp>

#include "engine/surface/hub/envelope.hpp"
#include "engine/surface/hub/test_support.hpp"
#include "engine/surface/request_scan.hpp"

namespace patchbay::surface {

namespace {

using test::tidy;

struct ResponsesCase {
    const char* what;
    std::string body;          ///< without model
    std::string chat;          ///< without model
    const char* dropped = "";  ///< names, with ", "
};

std::string with_model(std::string_view members) {
    return tidy(R"({"model":"m",)" + std::string(members.substr(1)));
}

std::string input(std::string_view items) {
    return R"({"input":[)" + std::string(items) + "]}";
}

std::string messages(std::string_view list) {
    return R"({"messages":[)" + std::string(list) + "]}";
}

const std::string kThinking = R"([{"type":"thinking","thinking":"hm","signature":"Sig"}])";
const std::string kSealed = sealed(kOfMessages, kThinking);
const std::string kLong(70, 'x');

const ResponsesCase
    kResponsesCases[] =
        {
            {"a text", R"({"input":"Hi"})", messages(R"({"role":"user","content":"Hi"})")},
            {"instructions come first", R"({"input":"Hi","instructions":"Be brief."})",
             messages(R"({"role":"system","content":"Be brief."},{"role":"user","content":"Hi"})")},
            {"nulls say nothing", R"({"input":"Hi","instructions":null,"tools":null,"text":null})",
             messages(R"({"role":"user","content":"Hi"})")},
            {"roles stay in their places",
             input(
                 R"({"role":"developer","content":"a"},{"role":"user","content":"b"},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"c","annotations":[]}]},{"role":"system","content":"d"})"),
             messages(
                 R"({"role":"developer","content":"a"},{"role":"user","content":"b"},{"role":"assistant","content":"c"},{"role":"system","content":"d"})")},
            {"parts of every kind",
             input(
                 R"({"role":"user","content":[{"type":"input_text","text":"a"},{"type":"input_text","text":""},{"type":"input_image","image_url":"data:image/png;base64,AA==","detail":"low"},{"type":"input_image","file_id":"file_1"},{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="},{"type":"input_file","file_url":"https://x/a.pdf"},{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}]})"),
             messages(
                 R"({"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA==","detail":"low"}},{"type":"file","file":{"file_id":"file_1","format":"image/*"}},{"type":"file","file":{"file_data":"data:application/pdf;base64,AA==","filename":"a.pdf"}},{"type":"file","file":{"file_id":"https://x/a.pdf","format":"application/pdf"}},{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}]})")},
            {"what is finer than chat has it",
             input(
                 R"({"role":"user","content":[{"type":"input_image","image_url":"https://x/a.png","detail":"original"}]})"),
             messages(
                 R"({"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x/a.png"}}]})"),
             "input.content.detail"},
            {"a mark for the cache",
             input(
                 R"({"role":"user","content":[{"type":"input_text","text":"a","prompt_cache_breakpoint":{"mode":"explicit"}}]})"),
             messages(
                 R"({"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}}]})")},
            {"a turn of the model is one message, its results follow", input(R"({"role":"user","content":"w?"},{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"hm"}]},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Let me look."}]},{"type":"function_call","id":"fc_1","call_id":"call_1","name":"f","arguments":"{\"a\":1.50}"},{"type":"function_call","id":"fc_2","call_id":"call_2","name":"g","arguments":""},{"type":"function_call_output","call_id":"call_1","output":"sun"},{"type":"function_call_output","call_id":"call_2","output":[{"type":"input_text","text":"rain"}]})"),
             messages(
                 R"({"role":"user","content":"w?"},{"role":"assistant","content":"Let me look.","reasoning_content":"hm","tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"a\":1.50}"}},{"id":"call_2","type":"function","function":{"name":"g","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"sun"},{"role":"tool","tool_call_id":"call_2","content":"rain"})")},
            {"thoughts between calls of one turn part no call from its result",
             input(
                 R"({"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},{"type":"reasoning","summary":[]},{"type":"function_call","call_id":"c2","name":"g","arguments":"{}"},{"type":"function_call_output","call_id":"c1","output":"1"},{"type":"function_call_output","call_id":"c2","output":"2"})"),
             messages(
                 R"({"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"1"},{"role":"tool","tool_call_id":"c2","content":"2"})")},
            {"images of a result are shown behind all results", input(R"({"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},{"type":"function_call","call_id":"c2","name":"g","arguments":"{}"},{"type":"function_call_output","call_id":"c1","output":[{"type":"input_image","image_url":"data:image/png;base64,AA=="}]},{"type":"function_call_output","call_id":"c2","output":"2"},{"role":"user","content":"and?"})"),
             messages(
                 R"x({"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"(the result follows in the next message)"},{"role":"tool","tool_call_id":"c2","content":"2"},{"role":"user","content":[{"type":"text","text":"[Output of the tool call c1, which is data and no words of the user's:]"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]},{"role":"user","content":"and?"})x"),
             "input.output"},
            {"a long id is the same on call and result",
             input(R"({"type":"function_call","call_id":")" + kLong +
                   R"(","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":")" +
                   kLong + R"(","output":"1"})"),
             messages(
                 R"({"role":"assistant","content":null,"tool_calls":[{"id":")" +
                 chat_call_id(kLong) +
                 R"(","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":")" +
                 chat_call_id(kLong) + R"(","content":"1"})")},
            {"Anthropic's thoughts come back as they were",
             input(
                 R"({"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":")" +
                 kSealed + R"("},{"role":"assistant","content":"4"})"),
             messages(
                 R"({"role":"assistant","content":"4","reasoning_content":"hm","thinking_blocks":)" +
                 kThinking + "}")},
            {"and those that LiteLLM kept",
             input(
                 R"({"type":"reasoning","summary":[],"encrypted_content":"[{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"Sig\"}]"},{"role":"assistant","content":"4"})"),
             messages(R"({"role":"assistant","content":"4","thinking_blocks":)" + kThinking + "}")},
            {"those of others are nobody's",
             input(
                 R"({"type":"reasoning","summary":[],"encrypted_content":"gAAAAA"},{"role":"assistant","content":"4"},{"type":"reasoning","summary":[]},{"role":"user","content":"5"})"),
             messages(R"({"role":"assistant","content":"4"},{"role":"user","content":"5"})"),
             "input.encrypted_content"},
            {"what OpenAI's tools did is left out",
             input(
                 R"({"type":"web_search_call","id":"ws_1","status":"completed"},{"type":"mcp_list_tools","tools":[]},{"role":"user","content":"5"})"),
             messages(R"({"role":"user","content":"5"})"),
             "input.web_search_call, input.mcp_list_tools"},
            {"custom tools are functions of one text",
             R"({"input":[{"type":"custom_tool_call","call_id":"c1","name":"patch","input":"*** \"x\""},{"type":"custom_tool_call_output","call_id":"c1","output":"done"}],"tools":[{"type":"custom","name":"patch","description":"Patches.","format":{"type":"grammar","syntax":"lark","definition":"start: x"}}],"tool_choice":{"type":"custom","name":"patch"}})", R"({"messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"patch","arguments":"{\"input\":\"*** \\\"x\\\"\"}"}}]},{"role":"tool","tool_call_id":"c1","content":"done"}],"tools":[{"type":"function","function":{"name":"patch","description":"Patches.\n\nThe input must match this grammar (lark):\nstart: x","parameters":{"type":"object","properties":{"input":{"type":"string","description":"The input, as plain text."}},"required":["input"],"additionalProperties":false}}}],"tool_choice":{"type":"function","function":{"name":"patch"}}})",
             "tools.custom"},
            {"functions",
             R"({"input":"a","tools":[{"type":"function","name":"f","description":"F.","parameters":{"type":"object","properties":{"n":{"type":"integer"}}},"strict":true},{"type":"function","name":"g","parameters":null,"strict":null}],"tool_choice":"required","parallel_tool_calls":false})",
             R"({"messages":[{"role":"user","content":"a"}],"tools":[{"type":"function","function":{"name":"f","description":"F.","parameters":{"type":"object","properties":{"n":{"type":"integer"}}},"strict":true}},{"type":"function","function":{"name":"g","strict":false}}],"tool_choice":"required","parallel_tool_calls":false})"},
            {"a choice among some",
             R"({"input":"a","tools":[{"type":"function","name":"f"},{"type":"function","name":"g"}],"tool_choice":{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"g"}]}})",
             R"({"messages":[{"role":"user","content":"a"}],"tools":[{"type":"function","function":{"name":"g","strict":false}}],"tool_choice":"required"})",
             "tool_choice.allowed_tools"},
            {"tools of a namespace are functions that are named after it",
             R"({"input":[{"type":"function_call","call_id":"c1","namespace":"mcp__crm","name":"find","arguments":"{}"},{"type":"function_call_output","call_id":"c1","output":"1"}],"tools":[{"type":"namespace","name":"mcp__crm","description":"CRM.","tools":[{"type":"function","name":"find","defer_loading":true},{"type":"custom","name":"note"}]},{"type":"namespace","name":"mcp__x__","tools":[{"type":"function","name":"find"}]},{"type":"tool_search"}],"tool_choice":{"type":"function","name":"find","namespace":"mcp__x__"}})", R"({"messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"mcp__crm__find","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"1"}],"tools":[{"type":"function","function":{"name":"mcp__crm__find","strict":false}},{"type":"function","function":{"name":"mcp__crm__note","description":"","parameters":{"type":"object","properties":{"input":{"type":"string","description":"The input, as plain text."}},"required":["input"],"additionalProperties":false}}},{"type":"function","function":{"name":"mcp__x__find","strict":false}}],"tool_choice":{"type":"function","function":{"name":"mcp__x__find"}}})",
             "tools.tools.defer_loading, tools.tools.custom, tools.tool_search"},
            {"tools that come as an item are tools, and each is told once",
             R"({"input":[{"type":"additional_tools","role":"developer","tools":[{"type":"namespace","name":"functions","tools":[{"type":"custom","name":"exec"}]},{"type":"function","name":"f"}]},{"role":"user","content":"a"},{"type":"additional_tools","tools":[{"type":"function","name":"f","description":"Again."},{"type":"function","name":"g"}]}],"tools":[{"type":"function","name":"g"}],"tool_choice":"auto","parallel_tool_calls":false})",
             R"({"messages":[{"role":"user","content":"a"}],"tools":[{"type":"function","function":{"name":"g","strict":false}},{"type":"function","function":{"name":"functions__exec","description":"","parameters":{"type":"object","properties":{"input":{"type":"string","description":"The input, as plain text."}},"required":["input"],"additionalProperties":false}}},{"type":"function","function":{"name":"f","strict":false}}],"tool_choice":"auto","parallel_tool_calls":false})",
             "input.tools.tools.custom"},
            {"what the client's own search has found is told",
             R"({"input":[{"type":"tool_search_call","call_id":"s1","execution":"client","arguments":{"query":"x"}},{"type":"tool_search_output","call_id":"s1","execution":"client","status":"completed","tools":[{"type":"namespace","name":"crm","tools":[{"type":"function","name":"find"}]}]},{"type":"function_call","call_id":"c1","namespace":"crm","name":"find","arguments":"{}"},{"type":"function_call_output","call_id":"c1","output":"1"}],"tools":[{"type":"tool_search","execution":"client","description":"Searches.","parameters":{"type":"object","properties":{"query":{"type":"string"}}}}]})",
             R"({"messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"s1","type":"function","function":{"name":"tool_search","arguments":"{\"query\":\"x\"}"}}]},{"role":"tool","tool_call_id":"s1","content":"{\"tools\":[\"crm__find\"]}"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"crm__find","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"1"}],"tools":[{"type":"function","function":{"name":"tool_search","description":"Searches.","parameters":{"type":"object","properties":{"query":{"type":"string"}}},"strict":false}},{"type":"function","function":{"name":"crm__find","strict":false}}]})"},
            {"a search that OpenAI made is OpenAI's",
             input(
                 R"({"type":"tool_search_call","call_id":null,"execution":"server","arguments":{}},{"type":"tool_search_output","call_id":null,"execution":"server","tools":[]},{"role":"user","content":"5"})"),
             messages(R"({"role":"user","content":"5"})"),
             "input.tool_search_call, input.tool_search_output"},
            {"what another agent said is told with its name",
             input(
                 R"({"type":"agent_message","author":"/root/a","recipient":"/root","content":[{"type":"input_text","text":"Done."},{"type":"encrypted_content","encrypted_content":"gAAA"}]},{"type":"agent_message","author":"b","recipient":"c","content":[{"type":"encrypted_content","encrypted_content":"gAAA"}]},{"type":"context_compaction","encrypted_content":"gAAA"})"),
             messages(
                 R"({"role":"user","content":[{"type":"text","text":"[Message of the agent /root/a:]"},{"type":"text","text":"Done."}]})"),
             "input.content.encrypted_content, input.context_compaction"},
            {"a choice among those of a namespace",
             R"({"input":"a","tools":[{"type":"function","name":"f"},{"type":"namespace","name":"crm","tools":[{"type":"function","name":"f"}]}],"tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"namespace","name":"crm"}]}})",
             R"({"messages":[{"role":"user","content":"a"}],"tools":[{"type":"function","function":{"name":"crm__f","strict":false}}],"tool_choice":"auto"})",
             "tool_choice.allowed_tools"},
            {"what a client says of itself",
             R"({"input":"a","client_metadata":{"x-codex-installation-id":"1"}})",
             messages(R"({"role":"user","content":"a"})")},
            {"a choice without tools is none", R"({"input":"a","tools":[],"tool_choice":"auto"})",
             messages(R"({"role":"user","content":"a"})")},
            {"the web search",
             R"({"input":"a","tools":[{"type":"web_search_preview","search_context_size":"low","user_location":{"type":"approximate","city":"Paris"}}]})",
             R"({"messages":[{"role":"user","content":"a"}],"web_search_options":{"search_context_size":"low","user_location":{"type":"approximate","approximate":{"city":"Paris"}}}})"},
            {"a search that is named",
             R"({"input":"a","tools":[{"type":"web_search"},{"type":"function","name":"f"}],"tool_choice":{"type":"web_search"}})",
             R"({"messages":[{"role":"user","content":"a"}],"web_search_options":{},"tools":[{"type":"function","function":{"name":"f","strict":false}}]})",
             "tool_choice"},
            {"a search among what OpenAI keeps",
             R"({"input":"a","tools":[{"type":"web_search","external_web_access":false}]})",
             messages(R"({"role":"user","content":"a"})"), "tools.web_search"},
            {"a schema",
             R"({"input":"a","text":{"verbosity":"low","format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true}}})",
             R"({"messages":[{"role":"user","content":"a"}],"verbosity":"low","response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":true}}})"},
            {"plain JSON", R"({"input":"a","text":{"format":{"type":"json_object"}}})",
             R"({"messages":[{"role":"user","content":"a"}],"response_format":{"type":"json_object"}})"},
            {"numbers and the like",
             R"({"input":"a","temperature":0.70,"top_p":1,"max_output_tokens":16,"top_logprobs":2,"include":["message.output_text.logprobs","reasoning.encrypted_content"],"reasoning":{"effort":"low","summary":"auto"},"service_tier":"flex","store":false,"truncation":"disabled","background":false,"stream":true,"stream_options":{"include_obfuscation":false},"user":"u","safety_identifier":"s","prompt_cache_key":"k","metadata":{"a":"b"}})", R"({"messages":[{"role":"user","content":"a"}],"temperature":0.70,"top_p":1,"max_tokens":16,"logprobs":true,"top_logprobs":2,"reasoning_effort":"low","service_tier":"flex","stream":true,"stream_options":{"include_usage":true},"user":"u","safety_identifier":"s","prompt_cache_key":"k","metadata":{"a":"b"}})"},
            {"what only saves, or only OpenAI keeps",
             R"({"input":"a","store":true,"max_tool_calls":3,"context_management":[],"include":["file_search_call.results"],"service_tier":"auto"})",
             messages(R"({"role":"user","content":"a"})"),
             "store, max_tool_calls, context_management, include"},
            {"what is not of this API", R"({"input":"a","num_retries":1,"x":{"y":[]}})",
             R"({"messages":[{"role":"user","content":"a"}],"num_retries":1,"x":{"y":[]}})"},
};

TEST(ChatOfResponses, says_the_same) {
    for (const ResponsesCase& c : kResponsesCases) {
        SCOPED_TRACE(c.what);
        const auto chat = chat_of_responses(with_model(c.body));
        ASSERT_TRUE(chat) << chat.error().message;
        EXPECT_EQ(chat->json, with_model(c.chat));
        EXPECT_EQ(boost::algorithm::join(chat->dropped, ", "), c.dropped);
    }
}

// Compared one with another they would take very long.
constexpr int kVeryMany = 20'000;

TEST(ChatOfResponses, very_many_lists_of_tools_are_no_trouble) {
    std::string items = R"({"role":"user","content":"q"})";
    for (int i = 0; i < kVeryMany; ++i) {
        items += R"(,{"type":"additional_tools","tools":[{"type":"function","name":"f)" +
                 std::to_string(i % (kVeryMany - 1)) + R"(","parameters":{}}]})";
    }
    const auto chat = chat_of_responses(with_model(input(items)));
    ASSERT_TRUE(chat) << chat.error().message;
    const auto tree = json::parse(chat->json);
    EXPECT_EQ(tree.at("tools").as_array().size(), static_cast<std::size_t>(kVeryMany - 1))
        << "one that was told before is not told again";
}

TEST(ChatOfResponses, very_many_allowed_tools_are_no_trouble) {
    std::string tools, allowed;
    for (int i = 0; i < kVeryMany; ++i) {
        const auto name = R"({"type":"function","name":"f.)" + std::to_string(i);
        tools += name + R"(","parameters":{}},)";
        if (i % 2 == 0) allowed += name + "\"},";
    }
    tools.back() = allowed.back() = ']';
    const auto chat = chat_of_responses(with_model(
        R"({"input":"q","tools":[)" + tools +
        R"(,"tool_choice":{"type":"allowed_tools","mode":"auto","tools":[)" + allowed + "}}"));
    ASSERT_TRUE(chat) << chat.error().message;
    const auto tree = json::parse(chat->json);
    EXPECT_EQ(tree.at("tools").as_array().size(), static_cast<std::size_t>(kVeryMany) / 2);
}

struct Refused {
    std::string body;
    const char* param;
    ErrorClass cls = ErrorClass::bad_request;
    bool droppable = false;
};

TEST(ChatOfResponses, refuses_what_it_cannot_say_and_names_the_place) {
    constexpr auto kUnsupported = ErrorClass::unsupported;
    const Refused cases[] = {
        {R"({"x":1})", "input"},
        {R"({"input":7})", "input"},
        {R"({"input":["a"]})", "input.0"},
        {R"({"input":[{"x":1}]})", "input.0.type"},
        {R"({"input":[{"role":"tool","content":"a"}]})", "input.0.role"},
        {R"({"input":[{"role":"user"}]})", "input.0.content"},
        {R"({"input":[{"role":"user","content":[7]}]})", "input.0.content.0"},
        {R"({"input":[{"role":"user","content":[{"type":"input_text"}]}]})",
         "input.0.content.0.text"},
        {R"({"input":[{"type":"function_call","name":"f"}]})", "input.0.call_id"},
        {R"({"input":[{"type":"function_call","name":"f","call_id":"c","arguments":{}}]})",
         "input.0.arguments"},
        {R"({"input":[{"type":"function_call_output","output":""}]})", "input.0.call_id"},
        {R"({"input":[{"type":"item_reference","id":"msg_1"}]})", "input.0"},
        {R"({"input":"a","instructions":[]})", "instructions"},
        {R"({"input":"a","tools":[{"type":"function"}]})", "tools.0.name"},
        {R"({"input":"a","tools":[{"type":"function","name":"f","parameters":7}]})",
         "tools.0.parameters"},
        {R"({"input":"a","tool_choice":"any"})", "tool_choice"},
        {R"({"input":"a","temperature":"1"})", "temperature"},
        {R"({"input":"a","text":{"format":{"type":"xml"}}})", "text.format.type"},
        {R"({"input":"a","previous_response_id":"resp_1"})", "previous_response_id", kUnsupported},
        {R"({"input":"a","conversation":"conv_1"})", "conversation", kUnsupported},
        {R"({"input":"a","prompt":{"id":"p"}})", "prompt", kUnsupported},
        {R"({"prompt":{"id":"p"}})", "prompt", kUnsupported},
        {R"({"input":"a","background":true})", "background", kUnsupported},
        {R"({"input":[{"type":"mystery"}]})", "input.0", kUnsupported, true},
        {R"({"input":[{"role":"user","content":[{"type":"input_video"}]}]})", "input.0.content.0",
         kUnsupported, true},
        {R"({"input":"a","tools":[{"type":"file_search"}]})", "tools.0", kUnsupported, true},
        {R"({"input":[{"type":"additional_tools"}]})", "input.0.tools"},
        {R"({"input":[{"type":"additional_tools","tools":[{"type":"mcp"}]}]})", "input.0.tools.0",
         kUnsupported, true},
        {R"({"input":[{"type":"agent_message","author":"a"}]})", "input.0.content"},
        {R"({"input":"a","tools":[{"type":"namespace","name":"n","tools":[{"type":"mcp"}]}]})",
         "tools.0.tools.0", kUnsupported, true},
        {R"({"input":"a","tools":[{"type":"namespace","name":"n"}]})", "tools.0.tools"},
        {R"({"input":"a","tools":[{"type":"namespace","tools":[]}]})", "tools.0.name"},
        {R"({"input":"a","tools":[{"type":"web_search","filters":{"allowed_domains":["x"]}}]})",
         "tools.web_search.filters", kUnsupported, true},
    };
    for (const Refused& c : cases) {
        SCOPED_TRACE(c.body);
        const auto chat = chat_of_responses(with_model(c.body));
        ASSERT_FALSE(chat);
        EXPECT_EQ(chat.error().param, c.param) << chat.error().message;
        EXPECT_EQ(chat.error().cls, c.cls);
        EXPECT_EQ(chat_of_responses(with_model(c.body), true).has_value(), c.droppable);
    }
    EXPECT_FALSE(chat_of_responses("[]"));
}

TEST(ResponsesRequest, ToolsOfOpenAIsAloneAreFound) {
    const auto has = [](const std::string& members) {
        const std::string body = R"({"model":"m",)" + members + "}";
        const auto scan = scan_request(body, kResponsesForm);
        EXPECT_TRUE(scan) << body;
        return scan && has_openais_tools({scan->members.data(), scan->members.size()});
    };
    for (const char* members :
         {R"("tools":[{"type":"function","name":"f"},{"type":"custom","name":"patch"}])",
          R"("tools":[{"type":"namespace","name":"n","tools":[]}],"previous_response_id":null)",
          R"("tools":[{"type":"tool_search","execution":"client"}])",
          R"("input":[{"role":"user","content":"a"},{"type":"additional_tools","tools":[]}])"}) {
        EXPECT_TRUE(has(members)) << members;
    }
    for (const char* members :
         {R"("input":"custom additional_tools","tools":[])",
          R"("tools":[{"type":"function","name":"custom"},{"type":"web_search"}])",
          R"("tools":[{"type":"tool_search"}])", R"("tools":"custom")",
          R"("input":[{"role":"user","content":"additional_tools"}])",
          R"("tools":[{"type":"custom","name":"p"}],"previous_response_id":"resp_1")"}) {
        EXPECT_FALSE(has(members)) << members;
    }
}

}  // namespace

}  // namespace patchbay::surface
