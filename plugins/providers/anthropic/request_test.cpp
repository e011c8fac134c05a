// SPDX-License-Identifier: Apache-2.0
#include "request.hpp"

#include "test_support.hpp"

namespace patchbay::anthropic {
namespace {

RequestOptions dropping() {
    auto options = test_options();
    options.drop_params = true;
    return options;
}

TEST(Request, ModelAndDefaultMaxTokens) {
    const auto body = translated_with("");
    EXPECT_JSON(body.at("model"), R"("claude-sonnet-4-20250514")");
    EXPECT_JSON(body.at("max_tokens"), "4096");
    EXPECT_FALSE(body.as_object().contains("stream"));
}

TEST(Request, MaxCompletionTokensWins) {
    EXPECT_JSON(translated_with(R"(,"max_tokens":5)").at("max_tokens"), "5");
    EXPECT_JSON(translated_with(R"(,"max_tokens":5,"max_completion_tokens":7)").at("max_tokens"),
                "7");
    EXPECT_JSON(translated_with(R"(,"max_tokens":"5")"), R"("max_tokens: must be an integer")");
}

TEST(Request, StreamIsTheHostsWord) {
    auto options = test_options();
    options.stream = true;
    const auto body =
        translated_with(R"(,"stream":false,"stream_options":{"include_usage":true})", options);
    EXPECT_JSON(body.at("stream"), "true");
    EXPECT_FALSE(body.as_object().contains("stream_options"));
}

TEST(Request, StopSequences) {
    EXPECT_JSON(translated_with(R"(,"stop":"X")").at("stop_sequences"), R"(["X"])");
    EXPECT_JSON(translated_with(R"(,"stop":["X","\n"])", dropping()).at("stop_sequences"),
                R"(["X"])");
    EXPECT_FALSE(
        translated_with(R"(,"stop":" ")", dropping()).as_object().contains("stop_sequences"));
    EXPECT_JSON(translated_with(R"(,"stop":[1])"), R"("stop[0]: must be a string")");
}

TEST(Request, SamplingAndUnknownMembersPass) {
    const auto body = translated_with(R"(,"temperature":0.7,"top_p":1,"top_k":40,
        "container":{"id":"c"},"extra_body":{"inference_geo":"us"},"litellm_call_id":"x",
        "fallbacks":["y"],"num_retries":2,"stop":null)");
    EXPECT_JSON(body.at("temperature"), "0.7");
    EXPECT_JSON(body.at("top_p"), "1");
    EXPECT_JSON(body.at("top_k"), "40");
    EXPECT_JSON(body.at("container"), R"({"id":"c"})");
    EXPECT_JSON(body.at("inference_geo"), R"("us")");
    EXPECT_EQ(body.as_object().size(), 8u);
    EXPECT_JSON(translated_with(R"(,"temperature":"hot")"), R"("temperature: must be a number")");
}

TEST(Request, NumbersKeepTheirForm) {
    const auto call = translate_request(
        R"({"messages":[{"role":"user","content":"q"}],"temperature":0.7,"top_p":1.0,
            "x":[1e3,12345678901234567890123]})",
        test_options());
    ASSERT_TRUE(call);
    for (const char* written :
         {"\"temperature\":0.7", "\"top_p\":1.0", "\"x\":[1e3,12345678901234567890123]"}) {
        EXPECT_NE(call->body.find(written), std::string::npos) << call->body;
    }
}

TEST(Request, UnsupportedParametersAreNamed) {
    const auto call = translate_request(
        R"({"messages":[{"role":"user","content":"q"}],"seed":1,"logit_bias":{"1":2},"n":2})",
        test_options());
    ASSERT_FALSE(call);
    EXPECT_EQ(call.error().cls, BAY_ERR_UNSUPPORTED);
    EXPECT_EQ(call.error().param, "seed");
    EXPECT_EQ(call.error().message.find("anthropic does not support parameters: ['seed', "
                                        "'logit_bias', 'n'], for model=claude-sonnet-4-20250514."),
              0u);
}

TEST(Request, UnsupportedParametersAreDroppedOnDemandAndPassedIfAllowed) {
    EXPECT_FALSE(translated_with(R"(,"seed":1)", dropping()).as_object().contains("seed"));
    auto options = test_options();
    options.allowed_params = "logprobs, seed,n";
    const auto body = translated_with(R"(,"seed":1,"n":3)", options);
    EXPECT_JSON(body.at("seed"), "1");
    EXPECT_JSON(body.at("n"), "3");
}

TEST(Request, ValuesThatChangeNothingAreNoReasonToFailForClientsOfOtherApis) {
    RequestOptions options = test_options();
    options.hint_params = "user";
    const auto body = translated_with(R"(,"n":1,"store":false,"logprobs":false,"seed":null,
        "frequency_penalty":0.0,"presence_penalty":0,"logit_bias":{},"modalities":["text"])",
                                      options);
    ASSERT_TRUE(body.is_object()) << json::serialize(body);
    EXPECT_EQ(body.as_object().size(), 3u);
}

TEST(Request, UserIdsMustNotBePersonal) {
    EXPECT_JSON(translated_with(R"(,"user":"u-17")").at("metadata"), R"({"user_id":"u-17"})");
    EXPECT_FALSE(translated_with(R"(,"user":"a.b@c.example")").as_object().contains("metadata"));
    EXPECT_FALSE(
        translated_with(R"(,"user":"+39 (06) 555-1234")").as_object().contains("metadata"));
    EXPECT_JSON(
        translated_with(R"(,"user":"u","metadata":{"user_id":"m","trace":"1"})").at("metadata"),
        R"({"user_id":"m"})");
    EXPECT_JSON(translated_with(R"(,"user":"a@b")").at("metadata"), R"({"user_id":"a@b"})");
    const std::string long_id(257, 'x');
    EXPECT_FALSE(translated_with(R"(,"user":")" + long_id + "\"").as_object().contains("metadata"));
    EXPECT_TRUE(translated_with(R"(,"user":")" + long_id.substr(1) + "\"")
                    .as_object()
                    .contains("metadata"));
}

TEST(Request, ServiceTiers) {
    EXPECT_JSON(translated_with(R"(,"service_tier":"auto")").at("service_tier"), R"("auto")");
    EXPECT_JSON(translated_with(R"(,"service_tier":"default")").at("service_tier"),
                R"("standard_only")");
    EXPECT_TRUE(translated_with(R"(,"service_tier":"flex")").is_string());
}

TEST(Request, ReasoningEffortBecomesABudget) {
    const auto body = translated_with(R"(,"reasoning_effort":"medium")");
    EXPECT_JSON(body.at("thinking"), R"({"type":"enabled","budget_tokens":2048})");
    EXPECT_JSON(body.at("max_tokens"), "6144");
    EXPECT_JSON(translated_with(R"(,"reasoning_effort":"low")").at("thinking"),
                R"({"type":"enabled","budget_tokens":1024})");
    EXPECT_JSON(translated_with(R"(,"reasoning_effort":{"effort":"high"})").at("thinking"),
                R"({"type":"enabled","budget_tokens":4096})");
    EXPECT_FALSE(translated_with(R"(,"reasoning_effort":"none")").as_object().contains("thinking"));
    EXPECT_JSON(translated_with(R"(,"reasoning_effort":"huge")"),
                R"("reasoning_effort: must be none, minimal, low, medium, high or xhigh")");
}

TEST(Request, JsonSchemaBecomesAForcedTool) {
    const auto body = translated_with(R"(,"response_format":{"type":"json_schema","json_schema":{
        "name":"n","schema":{"type":"object","properties":{"a":{"type":"integer"}}}}})");
    EXPECT_JSON(body.at("tools").at(0).at("name"), R"("json_tool_call")");
    EXPECT_JSON(body.at("tools").at(0).at("input_schema"),
                R"({"type":"object","properties":{"a":{"type":"integer"}}})");
    EXPECT_JSON(body.at("tool_choice"), R"({"type":"tool","name":"json_tool_call"})");
    EXPECT_FALSE(body.as_object().contains("response_format"));
}

TEST(Request, NewerModelsAreAskedForASchemaAsItIs) {
    auto options = test_options();
    options.model = "claude-opus-4-5-20251101";
    const std::string format = R"(,"response_format":{"type":"json_schema","json_schema":{
        "name":"n","schema":{"type":"object","properties":{"a":{"type":"integer"}}}}})";
    const std::string client = R"({"model":"c","messages":[{"role":"user","content":"hi"}])";
    const auto call = translate_request(client + format + R"(,"reasoning_effort":"low"})", options);
    ASSERT_TRUE(call);
    const auto body = json::parse(call->body);
    EXPECT_JSON(body.at("output_format"), R"({"type":"json_schema","schema":{"type":"object",
        "properties":{"a":{"type":"integer"}},"additionalProperties":false}})");
    EXPECT_FALSE(body.as_object().contains("tools"));
    EXPECT_JSON(body.at("thinking").at("type"), R"("enabled")");
    EXPECT_TRUE(call->betas.has("structured-outputs-2025-11-13"));
    EXPECT_EQ(call->json_mode, JsonMode::native);
}

TEST(Request, ASchemaThatCannotBeSaidSoIsAskedForByTheTool) {
    auto options = test_options();
    options.model = "claude-opus-4-5-20251101";
    const auto body = translated_with(R"(,"response_format":{"type":"json_schema","json_schema":{
        "name":"n","schema":{"type":"object","properties":{"a":{"minimum":1}}}}})",
                                      options);
    EXPECT_FALSE(body.as_object().contains("output_format"));
    EXPECT_JSON(body.at("tool_choice"), R"({"type":"tool","name":"json_tool_call"})");
}

constexpr const char* kSchemaFormat = R"(,"response_format":{"type":"json_object",
    "response_schema":{"type":"object","properties":{"a":{"type":"integer"}}}})";

TEST(Request, JsonToolIsNotForcedWhileThinkingNorOverTheClientsTools) {
    EXPECT_FALSE(translated_with(std::string(kSchemaFormat) + R"(,"reasoning_effort":"low")")
                     .as_object()
                     .contains("tool_choice"));
    const auto body = translated_with(std::string(kSchemaFormat) +
                                      R"(,"tools":[{"type":"function","function":{"name":"f"}}])");
    EXPECT_JSON(body.at("tool_choice"), R"({"type":"any"})");
    EXPECT_EQ(body.at("tools").as_array().size(), 2u);
}

TEST(Request, JsonWithoutASchemaNeedsNoTool) {
    const auto call = translate_request(
        R"({"messages":[{"role":"user","content":"q"}],"response_format":{"type":"json_object"}})",
        test_options());
    ASSERT_TRUE(call);
    EXPECT_EQ(call->json_mode, JsonMode::off);
    EXPECT_EQ(json::parse(call->body).as_object().size(), 3u);
    const auto body = translated_with(
        R"(,"response_format":{"type":"json_object","response_schema":null},
        "tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"auto")");
    EXPECT_EQ(body.at("tools").as_array().size(), 1u);
    EXPECT_JSON(body.at("tool_choice"), R"({"type":"auto"})");
}

TEST(Request, SchemasThatAreNoObjectAreWrapped) {
    const auto call = translate_request(R"({"messages":[{"role":"user","content":"q"}],
        "response_format":{"type":"json_schema","json_schema":{"schema":{"type":"array",
        "items":{"$ref":"#/$defs/i"},"$defs":{"i":{"type":"string"}}}}}})",
                                        test_options());
    ASSERT_TRUE(call);
    EXPECT_EQ(call->json_mode, JsonMode::wrapped);
    EXPECT_JSON(json::parse(call->body).at("tools").at(0).at("input_schema"),
                R"({"type":"object","required":["values"],"$defs":{"i":{"type":"string"}},
        "properties":{"values":{"type":"array","items":{"$ref":"#/$defs/i"}}}})");
}

TEST(Request, TextFormatMeansNothingAndOthersAreRefused) {
    EXPECT_EQ(translated_with(R"(,"response_format":{"type":"text"})").as_object().size(), 3u);
    EXPECT_JSON(translated_with(R"(,"response_format":{"type":"xml"})"),
                R"("response_format.type: must be text, json_object or json_schema")");
    EXPECT_JSON(translated_with(R"(,"response_format":{"type":"json_schema"})"),
                R"("response_format.json_schema: must be an object")");
}

TEST(Request, FeaturesOfTheClientGoToTheHeader) {
    const auto call = translate_request(R"({"messages":[{"role":"user","content":"q"}],
        "anthropic_beta":["a","b"],"extra_headers":{"anthropic-beta":"c, a"},"speed":"fast"})",
                                        test_options());
    ASSERT_TRUE(call);
    EXPECT_EQ(call->betas.joined(), "a,b,c,fast-mode-2026-02-01");
    EXPECT_EQ(json::parse(call->body).as_object().size(), 4u);
}

TEST(Request, SkillsOfAContainerNeedTheirFeature) {
    const auto call = translate_request(R"({"messages":[{"role":"user","content":"q"}],
        "container":{"skills":[{"type":"anthropic","skill_id":"pptx"}]}})",
                                        test_options());
    ASSERT_TRUE(call);
    EXPECT_EQ(call->betas.joined(), "skills-2025-10-02");
}

// Every value of a rich request replaced by every kind of value: a translation or a failure, no
// throw.
TEST(Request, WrongTypesAnywhereNeverThrow) {
    const std::string_view rich = R"({"messages":[
        {"role":"system","content":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}]},
        {"role":"user","content":[{"type":"text","text":"t"},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD"}},
            {"type":"file","file":{"file_data":"data:text/plain;base64,aGk=","filename":"f"}}]},
        {"role":"assistant","content":"x","thinking_blocks":[{"type":"thinking","signature":"s"}],
            "tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}],
            "function_call":{"name":"f","arguments":"{}"}},
        {"role":"tool","tool_call_id":"a","content":[{"type":"text","text":"t"}]},
        {"role":"assistant","content":"p ","prefix":true}],
        "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}},
            {"type":"mcp","server_url":"u","headers":{"Authorization":"a"}}],
        "tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":true,
        "response_format":{"type":"json_schema","json_schema":{"schema":{"type":"array"}}},
        "thinking":{"type":"enabled","budget_tokens":1},"reasoning_effort":"low","max_tokens":1,
        "stop":["a"],"user":"u","metadata":{"user_id":"x"},"service_tier":"auto","mcp_servers":[],
        "web_search_options":{"user_location":{"approximate":{"city":"c"}}},"extra_body":{},
        "extra_headers":{"anthropic-beta":"a"},"anthropic_beta":["b"],"seed":1,"output_config":{}})";
    const json::value wrong[] = {nullptr,        true,          -1, 1e300, "", "text",
                                 json::array{1}, json::object{}};
    const auto original = json::parse(rich);
    std::size_t tried = 0;
    const auto visit = [&](auto& self, json::value& root, json::value& at) -> void {
        for (const auto& other : wrong) {
            const json::value before = at;
            at = other;
            const auto call = translate_request(json::serialize(root), dropping());
            EXPECT_TRUE(call || call.error().cls == BAY_ERR_BAD_REQUEST);
            ++tried;
            at = before;
        }
        if (auto* array = at.if_array()) {
            for (auto& element : *array) self(self, root, element);
        } else if (auto* object = at.if_object()) {
            for (auto& member : *object) self(self, root, member.value());
        }
    };
    json::value root = original;
    visit(visit, root, root);
    EXPECT_EQ(root, original);
    EXPECT_GT(tried, 500u);
    ASSERT_TRUE(translate_request(rich, dropping()));
}

TEST(Request, WhatIsNoJsonObjectIsRefused) {
    EXPECT_FALSE(translate_request("[]", test_options()));
    EXPECT_FALSE(translate_request("{", test_options()));
    EXPECT_JSON(translated("{}"), R"("messages: must be an array")");
}

}  // namespace
}  // namespace patchbay::anthropic
