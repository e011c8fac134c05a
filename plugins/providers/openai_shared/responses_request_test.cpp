#include "responses_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "envelope/envelope.hpp"
#include "test_support.hpp"

namespace patchbay::openai {
namespace {

using testing::HasSubstr;

Dialect openai_dialect() {
    Dialect dialect;
    dialect.provider = "openai";
    dialect.openai_families = true;
    return dialect;
}

struct Asked {
    std::string model = "gpt-4o";
    std::uint32_t flags = 0;
    std::string allowed{};
    std::string params{};
};

/// The body that is sent, or the message of the refusal as a string.
json::value sent(const std::string& client, const Asked& asked = {}) {
    Request request(client, asked.model, asked.flags);
    request.event.allowed_params = bay::str(asked.allowed);
    request.target.params = bay::str(asked.params);
    const Dialect dialect = openai_dialect();
    const auto call = responses_request(request.event, dialect, asked.model);
    if (!call) return json::value(call.error().message);
    return json::parse(call->body);
}

/// The same for a request with these further members, without what all bodies have.
json::value sent_with(const std::string& members, const Asked& asked = {}) {
    auto body = sent(R"({"model":"m","messages":[{"role":"user","content":"Hi"}])" +
                         (members.empty() ? "" : "," + members) + "}",
                     asked);
    if (auto* object = body.if_object()) {
        EXPECT_EQ(object->at("model").as_string(), asked.model);
        for (const std::string_view name : {"model", "input"}) object->erase(name);
    }
    return body;
}

struct RequestRow {
    std::string given;
    std::string written;
    Asked asked{};
};

TEST(ResponsesRequest, says_each_parameter_in_its_own_words) {
    const Asked gpt5{.model = "gpt-5"};
    const Asked dropping{.flags = BAY_REQ_DROP_PARAMS};
    const std::string sealed = R"("include":["reasoning.encrypted_content"],"store":false)";
    const RequestRow rows[] = {
        {"", R"({"store":false})"},
        {"", "{" + sealed + "}", gpt5},
        {R"("max_tokens":100)", R"({"max_output_tokens":100,"store":false})"},
        {R"("max_tokens":100,"max_completion_tokens":50)",
         R"({"max_output_tokens":50,"store":false})"},
        {R"("max_tokens":5)", R"({"max_output_tokens":16,"store":false})"},
        {R"("max_tokens":0)", R"({"max_output_tokens":0,"store":false})"},
        {R"("max_tokens":1,"max_tokens":99)", R"({"max_output_tokens":99,"store":false})"},
        {R"("temperature":0.70,"top_p":0.5)", R"({"temperature":0.7,"top_p":0.5,"store":false})"},
        {R"("temperature":1)", R"({"temperature":1,)" + sealed + "}", gpt5},
        {R"("reasoning_effort":"low")", R"({"reasoning":{"effort":"low"},)" + sealed + "}", gpt5},
        {R"("reasoning_effort":"low")",
         R"({"reasoning":{"effort":"low"},)" + sealed + "}",
         {.model = "codex-mini-latest"}},
        {R"("reasoning_effort":{"effort":"low","summary":"auto"})",
         R"({"reasoning":{"effort":"low","summary":"auto"},)" + sealed + "}", gpt5},
        {R"("reasoning_effort":"low","thinking":{"type":"enabled","budget_tokens":1024})",
         R"({"reasoning":{"effort":"low"},)" + sealed + "}", gpt5},
        {R"("reasoning_effort":"low","reasoning":{"effort":"high"})",
         R"({"reasoning":{"effort":"high"},)" + sealed + "}", gpt5},
        {R"("verbosity":"low")", R"({"text":{"verbosity":"low"},)" + sealed + "}", gpt5},
        {R"("response_format":{"type":"text"})", R"({"store":false})"},
        {R"("response_format":{"type":"json_object"})",
         R"({"text":{"format":{"type":"json_object"}},"store":false})"},
        {R"("verbosity":"high","response_format":{"type":"json_schema","json_schema":
            {"name":"n","strict":true,"description":"d","schema":{"type":"object"}}})",
         R"({"text":{"format":{"type":"json_schema","name":"n","strict":true,"description":"d",
             "schema":{"type":"object"}},"verbosity":"high"},"store":false})"},
        {R"("logprobs":true,"top_logprobs":3)",
         R"({"top_logprobs":3,"include":["message.output_text.logprobs"],"store":false})"},
        {R"("logprobs":false)", R"({"store":false})"},
        {R"("logprobs":true,"include":["web_search_call.action.sources"])",
         R"({"include":["web_search_call.action.sources","message.output_text.logprobs"],
             "store":false})"},
        {R"("service_tier":"flex","user":"u","prompt_cache_key":"k","prompt_cache_retention":"24h",
            "safety_identifier":"s","parallel_tool_calls":false,"store":true)",
         R"({"service_tier":"flex","user":"u","prompt_cache_key":"k","prompt_cache_retention":"24h",
             "safety_identifier":"s","parallel_tool_calls":false,"store":true})"},
        {R"("stream":true,"stream_options":{"include_usage":true})",
         R"({"store":false,"stream":true})",
         {.flags = BAY_REQ_STREAM}},
        {R"("stream_options":{"include_usage":true,"include_obfuscation":false})",
         R"({"stream_options":{"include_obfuscation":false},"store":false,"stream":true})",
         {.flags = BAY_REQ_STREAM}},
        {R"("truncation":"auto","max_tool_calls":3,"previous_response_id":"resp_1")",
         R"({"truncation":"auto","max_tool_calls":3,"previous_response_id":"resp_1","store":false})"},
        {R"("text":{"verbosity":"low"},"verbosity":"high")",
         R"({"text":{"verbosity":"low"},"store":false})"},
        {R"("background":false)", R"({"background":false,"store":false})"},
        {R"("prediction":{"type":"content","content":"x"})", R"({"store":false})"},
        {R"("n":1,"stop":[],"frequency_penalty":0,"presence_penalty":0.0,"logit_bias":{},"seed":null,
            "modalities":["text"])",
         R"({"store":false})"},
        {R"("stop":"x","seed":1,"n":2,"logit_bias":{"1":1},"temperature":0.5)",
         R"({"temperature":0.5,"store":false})", dropping},
        {R"("seed":1)", R"({"seed":1,"store":false})", {.allowed = "seed"}},
        {"",
         "{}",
         {.model = "gpt-5", .params = R"({"additional_drop_params":["store","include"]})"}},
    };
    for (const RequestRow& row : rows) {
        EXPECT_EQ(sent_with(row.given, row.asked), json::parse(row.written)) << row.given;
    }
}

TEST(ResponsesRequest, that_is_counted_has_what_the_model_reads) {
    const std::string client =
        R"({"model":"m","messages":[{"role":"user","content":"Hi"}],"instructions":"Be brief.",
            "tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"required",
            "parallel_tool_calls":false,"verbosity":"low","reasoning_effort":"low",
            "response_format":{"type":"json_object"},"truncation":"auto","max_tokens":5,
            "temperature":0.5,"stop":["x"],"n":2,"seed":1,"user":"u","store":true,"stream":true,
            "metadata":{"a":"b"},"include":["x"],"background":true,"previous_response_id":"resp_1",
            "conversation":"conv_1","service_tier":"flex"})";
    const Request request(client, "gpt-5", BAY_REQ_STREAM);
    const auto call =
        responses_request(request.event, openai_dialect(), "gpt-5", ResponsesFor::count);
    ASSERT_TRUE(call) << call.error().message;
    EXPECT_EQ(json::parse(call->body),
              json::parse(
                  R"({"model":"gpt-5","input":[{"type":"message","role":"user",
                "content":[{"type":"input_text","text":"Hi"}]}],"instructions":"Be brief.",
            "parallel_tool_calls":false,"reasoning":{"effort":"low"},"truncation":"auto",
            "tools":[{"type":"function","name":"f","parameters":{"type":"object","properties":{}},
                "strict":false}],"tool_choice":"required",
            "text":{"format":{"type":"json_object"},"verbosity":"low"}})"));
}

TEST(ResponsesRequest, refuses_what_it_cannot_say) {
    const RequestRow rows[] = {
        {R"("stop":"x","seed":1)",
         "openai does not support parameters: ['stop', 'seed'], for model=gpt-4o."},
        {R"("n":2)", "['n']"},
        {R"("frequency_penalty":0.5)", "['frequency_penalty']"},
        {R"("presence_penalty":0.5)", "['presence_penalty']"},
        {R"("logit_bias":{"1":5})", "['logit_bias']"},
        {R"("modalities":["text","audio"],"audio":{"voice":"a"})", "['modalities', 'audio']"},
        {R"("thinking":{"type":"enabled","budget_tokens":1024})", "['thinking']"},
        {R"("temperature":0.5)", "['temperature=0.5']", {.model = "gpt-5-pro"}},
        {R"("background":true)", "background: this model is asked by way of the Responses API"},
        {R"("response_format":"json")", "response_format: must be an object"},
        {R"("include":"x")", "include: must be an array"},
        {R"("tools":{})", "tools: must be an array"},
        {R"("tools":[1])", "tools[0]: must be an object"},
        {R"("tools":[{"type":"function","function":{}}])", "tools[0].function.name: must be"},
        {R"("tool_choice":1)", "tool_choice: must be a string or an object"},
    };
    for (const RequestRow& row : rows) {
        const auto refusal = sent_with(row.given, row.asked);
        ASSERT_TRUE(refusal.is_string()) << row.given;
        EXPECT_THAT(std::string(refusal.as_string()), HasSubstr(row.written)) << row.given;
    }
}

TEST(ResponsesRequest, has_tools_and_choices_flat) {
    const std::string f =
        R"({"type":"function","name":"f","parameters":{"type":"object"},"strict":false})";
    const std::string given_f =
        R"({"type":"function","function":{"name":"f","parameters":{"type":"object"}}})";
    const RequestRow rows[] = {
        {R"("tools":[)" + given_f + "]", R"({"tools":[)" + f + R"(],"store":false})"},
        {R"("tools":[{"type":"function","cache_control":{"type":"ephemeral"},
            "function":{"name":"f","description":"d","strict":true}}])",
         R"({"tools":[{"type":"function","name":"f","description":"d",
             "parameters":{"type":"object","properties":{}},"strict":true}],"store":false})"},
        {R"("tools":[{"type":"custom","custom":{"name":"c","description":"d","format":{"type":"grammar",
            "grammar":{"syntax":"lark","definition":"x"}}}}])",
         R"({"tools":[{"type":"custom","name":"c","description":"d",
             "format":{"type":"grammar","syntax":"lark","definition":"x"}}],"store":false})"},
        {R"("tools":[{"type":"custom","custom":{"name":"c","format":{"type":"text"}}}])",
         R"({"tools":[{"type":"custom","name":"c","format":{"type":"text"}}],"store":false})"},
        {R"("tools":[{"type":"mcp","server_label":"s"},{"type":"function","name":"f",
            "parameters":{"type":"object"}}])",
         R"({"tools":[{"type":"mcp","server_label":"s"},)" + f + R"(],"store":false})"},
        {R"("functions":[{"name":"f","parameters":{"type":"object"}}],"function_call":{"name":"f"})",
         R"({"tools":[)" + f + R"(],"tool_choice":{"type":"function","name":"f"},"store":false})"},
        {R"("web_search_options":{"search_context_size":"low","user_location":{"type":"approximate",
            "approximate":{"city":"Bern"}}})",
         R"({"tools":[{"type":"web_search","search_context_size":"low",
             "user_location":{"city":"Bern","type":"approximate"}}],"store":false})"},
        {R"("web_search_options":{},"tools":[{"type":"web_search"}])",
         R"({"tools":[{"type":"web_search"}],"store":false})"},
        {R"("tools":[],"tool_choice":"none")", R"({"tool_choice":"none","store":false})"},
        {R"("tool_choice":{"type":"function","function":{"name":"f"}})",
         R"({"tool_choice":{"type":"function","name":"f"},"store":false})"},
        {R"("tool_choice":{"type":"custom","custom":{"name":"c"}})",
         R"({"tool_choice":{"type":"custom","name":"c"},"store":false})"},
        {R"("tool_choice":{"type":"auto"})", R"({"tool_choice":"auto","store":false})"},
        {R"("tool_choice":{"type":"web_search"})",
         R"({"tool_choice":{"type":"web_search"},"store":false})"},
        {R"("tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required",
            "tools":[{"type":"function","function":{"name":"f"}},{"type":"mcp","server_label":"s"}]}})",
         R"({"tool_choice":{"type":"allowed_tools","mode":"required","tools":[
             {"type":"function","name":"f"},{"type":"mcp","server_label":"s"}]},"store":false})"},
    };
    for (const RequestRow& row : rows) {
        EXPECT_EQ(sent_with(row.given), json::parse(row.written)) << row.given;
    }
}

/// {"instructions", "input"} of what is sent.
json::value conversation(const std::string& messages) {
    const auto body = sent(R"({"messages":)" + messages + "}");
    if (!body.is_object()) return body;
    json::object both{{"input", body.at("input")}};
    if (const auto* words = body.get_object().if_contains("instructions")) {
        both["instructions"] = *words;
    }
    return both;
}

std::string said(std::string_view role, std::string_view words) {
    const std::string kind = role == "assistant" ? "output_text" : "input_text";
    return R"({"type":"message","role":")" + std::string(role) + R"(","content":[{"type":")" +
           kind + R"(","text":")" + std::string(words) + R"("}]})";
}

TEST(ResponsesRequest, has_the_turns_as_items) {
    const std::string sealed = shared::sealed(shared::kOfResponses, "gAAA");
    const std::string user = R"({"role":"user","content":"Hi"})";
    const std::string thought =
        R"({"type":"reasoning","summary":[{"type":"summary_text","text":"T"}],"encrypted_content":"gAAA"})";
    const std::string long_id(65, 'x');
    const RequestRow rows[] = {
        {R"([{"role":"system","content":"S"},)" + user + "]",
         R"({"instructions":"S","input":[)" + said("user", "Hi") + "]}"},
        {R"([{"role":"system","content":[{"type":"text","text":"S",
             "cache_control":{"type":"ephemeral"}}]},)" +
             user + "]",
         R"({"instructions":"S","input":[)" + said("user", "Hi") + "]}"},
        {R"([{"role":"system","content":"S"},{"role":"developer","content":"D"},)" + user + "]",
         R"({"input":[)" + said("system", "S") + "," + said("developer", "D") + "," +
             said("user", "Hi") + "]}"},
        {R"([{"role":"developer","content":"D"},)" + user + R"(,{"role":"system","content":"S"}])",
         R"({"input":[)" + said("developer", "D") + "," + said("user", "Hi") + "," +
             said("system", "S") + "]}"},
        {"[" + user + R"(,{"role":"assistant","content":"Yes"},)" + user + "]",
         R"({"input":[)" + said("user", "Hi") + "," + said("assistant", "Yes") + "," +
             said("user", "Hi") + "]}"},
        {R"([{"role":"assistant","content":null,"refusal":"No"},{"role":"assistant","content":""}])",
         R"({"input":[{"type":"message","role":"assistant","content":[
             {"type":"refusal","refusal":"No"}]}]})"},
        // Two calls, their results, a failure and an image among them.
        {R"([{"role":"assistant","content":"Look","tool_calls":[
              {"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\": 1}"}},
              {"id":"b","type":"function","function":{"name":"g","arguments":""}},
              {"id":"c","type":"custom","custom":{"name":"h","input":"raw"}}]},
             {"role":"tool","tool_call_id":"a","content":"bad","is_error":true},
             {"role":"tool","tool_call_id":"b","content":[{"type":"text","text":"see"},
              {"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}}]},
             {"role":"tool","tool_call_id":"c","content":""}])",
         R"({"input":[)" + said("assistant", "Look") +
             R"(,{"type":"function_call","call_id":"a","name":"f","arguments":"{\"x\": 1}"},
              {"type":"function_call","call_id":"b","name":"g","arguments":"{}"},
              {"type":"custom_tool_call","call_id":"c","name":"h","input":"raw"},
              {"type":"function_call_output","call_id":"a","output":"Error: bad"},
              {"type":"function_call_output","call_id":"b","output":[
               {"type":"input_text","text":"see"},
               {"type":"input_image","image_url":"data:image/png;base64,AA"}]},
              {"type":"custom_tool_call_output","call_id":"c","output":""}]})"},
        {R"([{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},
             {"role":"function","name":"f","content":"1"}])",
         R"({"input":[{"type":"function_call","call_id":"function_call_1","name":"f","arguments":"{}"},
             {"type":"function_call_output","call_id":"function_call_1","output":"1"}]})"},
        // What it thought stands before what it led to, and nowhere else.
        {R"([{"role":"assistant","content":"4","reasoning_content":"T","thinking_blocks":[
             {"type":"thinking","thinking":"T","signature":")" +
             sealed + R"("},
             {"type":"thinking","thinking":"C","signature":"claude"},
             {"type":"redacted_thinking","data":")" +
             sealed + R"("}]}])",
         R"({"input":[)" + thought +
             R"(,{"type":"reasoning","summary":[],"encrypted_content":"gAAA"},)" +
             said("assistant", "4") + "]}"},
        {R"([{"role":"assistant","content":"","thinking_blocks":[
             {"type":"thinking","thinking":"T","signature":")" +
             sealed + R"("}]}])",
         R"({"input":[]})"},
        {R"([{"role":"assistant","content":"4","reasoning_items":[{"type":"reasoning","id":"rs_1",
             "summary":[{"type":"summary_text","text":"T"}],"encrypted_content":"gAAA"},
             {"type":"reasoning","id":"rs_2","summary":[]}]}])",
         R"({"input":[)" + thought + "," + said("assistant", "4") + "]}"},
        {R"([{"role":"user","name":"n","content":[{"type":"text","text":"Hi"},
             {"type":"image_url","image_url":{"url":"https://h/i.png","detail":"low"}},
             {"type":"image_url","image_url":"https://h/j.png"},
             {"type":"file","file":{"file_data":"data:application/pdf;base64,AA","filename":"a.pdf"}},
             {"type":"file","file":{"file_id":"file-1"}},
             {"type":"file","file":{"file_id":"file-2","format":"image/*"}},
             {"type":"file","file":{"file_id":"https://h/a.pdf","format":"application/pdf"}},
             {"type":"input_audio","input_audio":{"data":"AA","format":"wav"}}]}])",
         R"({"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi"},
             {"type":"input_image","image_url":"https://h/i.png","detail":"low"},
             {"type":"input_image","image_url":"https://h/j.png"},
             {"type":"input_file","file_data":"data:application/pdf;base64,AA","filename":"a.pdf"},
             {"type":"input_file","file_id":"file-1"},
             {"type":"input_image","file_id":"file-2"},
             {"type":"input_file","file_url":"https://h/a.pdf"},
             {"type":"input_audio","input_audio":{"data":"AA","format":"wav"}}]}]})"},
    };
    for (const RequestRow& row : rows) {
        EXPECT_EQ(conversation(row.given), json::parse(row.written)) << row.given;
    }
}

TEST(ResponsesRequest, names_the_place_of_a_wrong_message) {
    const RequestRow rows[] = {
        {"{}", "messages: must be an array"},
        {"[1]", "messages[0]: must be an object"},
        {R"([{"role":"judge","content":"x"}])", "messages[0].role: must be"},
        {R"([{"role":"user"}])", "messages[0].content: must be"},
        {R"([{"role":"user","content":[{"type":"text"}]}])",
         "messages[0].content[0].text: must be"},
        {R"([{"role":"user","content":[{"type":"video_url"}]}])",
         "messages[0].content[0]: this model is asked by way of the Responses API, which has no "
         "content"},
        {R"([{"role":"assistant","audio":{"id":"a"}}])", "messages[0].audio: this model"},
        {R"([{"role":"assistant","tool_calls":{}}])", "messages[0].tool_calls: must be an array"},
        {R"([{"role":"assistant","tool_calls":[{"function":{}}]}])",
         "messages[0].tool_calls[0].id"},
        {R"([{"role":"tool","content":"x"}])", "messages[0].tool_call_id: must be"},
    };
    for (const RequestRow& row : rows) {
        const auto refusal = conversation(row.given);
        ASSERT_TRUE(refusal.is_string()) << row.given;
        EXPECT_THAT(std::string(refusal.as_string()), HasSubstr(row.written)) << row.given;
    }
}

TEST(ResponsesRequest, makes_long_ids_short_the_same_way_on_call_and_result) {
    const std::string id(1400, 'x');
    const auto body =
        conversation(R"([{"role":"assistant","tool_calls":[{"id":")" + id +
                     R"(","type":"function","function":{"name":"f","arguments":"{}"}}]},
            {"role":"tool","tool_call_id":")" +
                     id + R"(","content":"1"}])");
    const auto& items = body.at("input").as_array();
    const auto& made = items[0].at("call_id").as_string();
    EXPECT_LE(made.size(), 64u);
    EXPECT_EQ(items[1].at("call_id"), made);
    const std::string other(1401, 'x');
    EXPECT_NE(items[0].at("call_id"),
              conversation(R"([{"role":"tool","tool_call_id":")" + other + R"(","content":"1"}])")
                  .at("input")
                  .at(0)
                  .at("call_id"));
}

TEST(ResponsesRequest, keeps_halves_of_characters_and_the_digits_of_numbers) {
    Request request(
        R"({"messages":[{"role":"user","content":"\ud83d"}],"tools":[{"type":"function","function":
           {"name":"f","parameters":{"maximum":12345678901234567890123}}}]})",
        "gpt-4o", 0);
    const Dialect dialect = openai_dialect();
    const auto call = responses_request(request.event, dialect, "gpt-4o");
    ASSERT_TRUE(call);
    EXPECT_THAT(call->body, HasSubstr(R"("text":"\ud83d")"));
    EXPECT_THAT(call->body, HasSubstr(R"("maximum":12345678901234567890123)"));
}

}  // namespace
}  // namespace patchbay::openai
