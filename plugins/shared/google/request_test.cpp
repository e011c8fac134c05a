// What stands beside the turns: instruction, tools, generationConfig, what is refused.
#include "test_support.hpp"

namespace patchbay::google {
namespace {

struct BodyCase {
    const char* what;
    const char* members;  ///< of the client's request beside a greeting
    const char* member;   ///< of the body upstream
    const char* value;    ///< "null": it is not there
    std::string_view model = kOlder;
};

class Body : public testing::TestWithParam<BodyCase> {};

TEST_P(Body, Has) {
    const auto& param = GetParam();
    const auto body = translated_with(param.members, param.model);
    ASSERT_TRUE(body.is_object()) << param.what << ": " << json::serialize(body);
    const auto* found = body.get_object().if_contains(param.member);
    EXPECT_JSON(found ? *found : json::value(nullptr), param.value) << param.what;
}

constexpr const char* kConfig = "generationConfig";

constexpr BodyCase kSampling[] = {
    {"numbers under Google's names",
     R"(,"temperature":0.7,"top_p":0.9,"max_tokens":5,"n":2,"seed":1,"presence_penalty":0.1,
      "frequency_penalty":0.2)",
     kConfig,
     R"({"temperature":0.7,"top_p":0.9,"candidate_count":2,"seed":1,"presence_penalty":0.1,
      "frequency_penalty":0.2,"max_output_tokens":5})"},
    {"the newer limit before the older", R"(,"max_completion_tokens":6,"max_tokens":5)", kConfig,
     R"({"max_output_tokens":6})"},
    {"Google's own, in both spellings", R"(,"top_k":4,"imageConfig":{"aspectRatio":"16:9"})",
     kConfig, R"({"top_k":4,"imageConfig":{"aspectRatio":"16:9"}})"},
    {"no more sequences than Google takes", R"(,"stop":["a","","b","c","d","e","f"])", kConfig,
     R"({"stop_sequences":["a","b","c","d","e"]})"},
    {"probabilities", R"(,"logprobs":true,"top_logprobs":2)", kConfig,
     R"({"logprobs":2,"responseLogprobs":true})"},
    {"kinds of output, and a voice", R"(,"modalities":["text","audio"],"audio":{"voice":"Kore"})",
     kConfig,
     R"({"responseModalities":["TEXT","AUDIO"],
      "speechConfig":{"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Kore"}}}})"},
    {"nothing asked", R"(,"user":"u","metadata":{"a":"b"},"stream":true)", kConfig, "null"},
    {"a name that Google does not know", R"(,"vendor_knob":1)", "vendor_knob", "null"},
    {"the same in extra_body", R"(,"extra_body":{"vendor_knob":1})", "vendor_knob", "1"},
    {"a tier", R"(,"service_tier":"default")", "serviceTier", R"("standard")"},
    {"no tier", R"(,"service_tier":"auto")", "serviceTier", "null"},
    {"a cache", R"(,"cached_content":"cachedContents/1")", "cachedContent",
     R"("cachedContents/1")"},
    {"safety", R"(,"safety_settings":[{"category":"C","threshold":"BLOCK_NONE"}])",
     "safetySettings", R"([{"category":"C","threshold":"BLOCK_NONE"}])"},
    {"labels are not for this API", R"(,"labels":{"a":"b"})", "labels", "null"},
};
INSTANTIATE_TEST_SUITE_P(Sampling, Body, testing::ValuesIn(kSampling));

constexpr BodyCase kForms[] = {
    {"text", R"(,"response_format":{"type":"text"})", kConfig,
     R"({"response_mime_type":"text/plain"})"},
    {"both spellings are one member",
     R"(,"max_tokens":5,"topK":4,"extra_body":{"generationConfig":{"maxOutputTokens":6,"top_k":3}})",
     kConfig, R"({"max_output_tokens":6,"top_k":3})"},
    {"any JSON", R"(,"response_format":{"type":"json_object"})", kConfig,
     R"({"response_mime_type":"application/json"})"},
    {"JSON of a schema, as it is",
     R"(,"response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,
      "schema":{"type":"object","additionalProperties":false}}})",
     kConfig,
     R"({"response_mime_type":"application/json",
      "response_json_schema":{"type":"object","additionalProperties":false}})"},
    {"one word of a list",
     R"(,"response_format":{"type":"text/x.enum","response_schema":{"type":"string","enum":["a"]}})",
     kConfig,
     R"({"response_mime_type":"text/x.enum","response_schema":{"type":"string","enum":["a"]}})"},
};
INSTANTIATE_TEST_SUITE_P(Forms, Body, testing::ValuesIn(kForms));

#define THINKS(config) R"({"thinkingConfig":)" config "}"

constexpr BodyCase kThinking[] = {
    {"an effort is a budget", R"(,"reasoning_effort":"low")", kConfig,
     THINKS(R"({"includeThoughts":true,"thinkingBudget":1024})")},
    {"the least of the model", R"(,"reasoning_effort":"minimal")", kConfig,
     THINKS(R"({"includeThoughts":true,"thinkingBudget":512})"), "gemini-2.5-flash-lite"},
    {"an object with the effort", R"(,"reasoning_effort":{"effort":"high"})", kConfig,
     THINKS(R"({"includeThoughts":true,"thinkingBudget":4096})")},
    {"off", R"(,"reasoning_effort":"none")", kConfig,
     THINKS(R"({"includeThoughts":false,"thinkingBudget":0})")},
    {"off where it cannot be", R"(,"reasoning_effort":"none")", kConfig,
     THINKS(R"({"includeThoughts":false,"thinkingBudget":128})"), "gemini-2.5-pro"},
    {"a budget of the client's", R"(,"thinking":{"type":"enabled","budget_tokens":2000})", kConfig,
     THINKS(R"({"includeThoughts":true,"thinkingBudget":2000})")},
    {"thinking before effort", R"(,"thinking":{"type":"disabled"},"reasoning_effort":"high")",
     kConfig, THINKS(R"({"includeThoughts":false,"thinkingBudget":0})")},
    {"an effort is a level", R"(,"reasoning_effort":"medium")", kConfig,
     THINKS(R"({"includeThoughts":true,"thinkingLevel":"medium"})"), kNewer},
    {"a level that the model lacks", R"(,"reasoning_effort":"medium")", kConfig,
     THINKS(R"({"includeThoughts":true,"thinkingLevel":"high"})"), "gemini-3-pro-preview"},
    {"the lowest level", R"(,"reasoning_effort":"minimal")", kConfig,
     THINKS(R"({"includeThoughts":true,"thinkingLevel":"low"})"), "models/gemini-3.1-pro-preview"},
    {"a budget is a level", R"(,"thinking":{"type":"enabled","budget_tokens":1500})", kConfig,
     THINKS(R"({"includeThoughts":true,"thinkingLevel":"medium"})"), kNewer},
    {"off is the lowest level, unseen", R"(,"reasoning_effort":"none")", kConfig,
     THINKS(R"({"includeThoughts":false,"thinkingLevel":"minimal"})"), kNewer},
    {"as the model likes", R"(,"thinking":{"type":"adaptive"})", kConfig,
     THINKS(R"({"includeThoughts":true})"), "gemini-flash-latest"},
    {"no thought of a model that has none", R"(,"reasoning_effort":"none")", kConfig, "null",
     "gemini-2.0-flash"},
    {"Google's own word", R"(,"thinkingConfig":{"thinkingBudget":7})", kConfig,
     THINKS(R"({"thinkingBudget":7})")},
};
INSTANTIATE_TEST_SUITE_P(Thinking, Body, testing::ValuesIn(kThinking));

#define FUNCTION(members) R"({"type":"function","function":{"name":"f")" members "}}"
#define DECLARED(members) R"([{"function_declarations":[{"name":"f")" members "}]}]"

constexpr BodyCase kTools[] = {
    {"a schema in Google's part of OpenAPI",
     R"(,"tools":[)" FUNCTION(R"(,"description":"d","strict":true,
      "parameters":{"type":"object","properties":{"a":{"type":"string","enum":["x"]}}})") "]",
     "tools", DECLARED(R"(,"description":"d",
      "parameters":{"type":"object","properties":{"a":{"type":"string","enum":["x"]}}})")},
    {"a schema beyond it", R"(,"tools":[)" FUNCTION(R"(,"parameters":{"$schema":"s",
      "type":"object","properties":{"a":{"type":["string","null"]}},"additionalProperties":false})") "]",
     "tools", DECLARED(R"(,"parametersJsonSchema":{
      "type":"object","properties":{"a":{"type":["string","null"]}},"additionalProperties":false})")},
    {"no parameters",
     R"(,"tools":[)" FUNCTION(R"(,"parameters":{"type":"object","properties":{}})") "]", "tools",
     DECLARED("")},
    {"the older form", R"(,"functions":[{"name":"f"}])", "tools", DECLARED("")},
    {"a name that Google does not take",
     R"(,"tools":[{"type":"function","function":{"name":"a/b"}}])", "tools",
     R"([{"function_declarations":[{"name":"a_b_3a8e75c1"}]}])"},
    {"a tool of free text",
     R"(,"tools":[{"type":"custom","custom":{"name":"f","description":"d"}}])", "tools",
     DECLARED(R"(,"description":"d","parameters":{"type":"object","properties":{"input":
      {"type":"string","description":"The raw text, as it is."}},"required":["input"]})")},
    {"Google's own tools", R"(,"tools":[{"code_execution":{}},{"googleSearch":{}}])", "tools",
     R"([{"code_execution":{}},{"googleSearch":{}}])"},
    {"the same in OpenAI's form",
     R"(,"tools":[{"type":"code_interpreter","container":{}},{"type":"web_search_preview"}])",
     "tools", R"([{"code_execution":{}},{"googleSearch":{}}])"},
    {"a search", R"(,"web_search_options":{"search_context_size":"low"})", "tools",
     R"([{"googleSearch":{}}])"},
    {"no search beside functions for older models",
     R"(,"web_search_options":{},"tools":[)" FUNCTION("") "]", "tools", DECLARED("")},
    {"both for newer ones", R"(,"web_search_options":{},"tools":[)" FUNCTION("") "]", "tools",
     R"([{"function_declarations":[{"name":"f"}]},{"googleSearch":{}}])", kNewer},
    {"no tools", R"(,"tools":[],"tool_choice":"auto")", "toolConfig", "null"},
};
INSTANTIATE_TEST_SUITE_P(Tools, Body, testing::ValuesIn(kTools));

#define CHOICE(choice) R"(,"tools":[)" FUNCTION("") R"(],"tool_choice":)" choice
#define CALLING(config) R"({"functionCallingConfig":)" config "}"

constexpr BodyCase kChoices[] = {
    {"auto", CHOICE(R"("auto")"), "toolConfig", CALLING(R"({"mode":"AUTO"})")},
    {"none", CHOICE(R"("none")"), "toolConfig", CALLING(R"({"mode":"NONE"})")},
    {"required", CHOICE(R"("required")"), "toolConfig", CALLING(R"({"mode":"ANY"})")},
    {"Google's own word", CHOICE(R"("validated")"), "toolConfig",
     CALLING(R"({"mode":"VALIDATED"})")},
    {"named", CHOICE(R"({"type":"function","function":{"name":"f"}})"), "toolConfig",
     CALLING(R"({"mode":"ANY","allowed_function_names":["f"]})")},
    {"some of them", CHOICE(R"({"type":"allowed_tools","allowed_tools":{"mode":"auto",
      "tools":[{"type":"function","function":{"name":"f"}}]}})"),
     "toolConfig", CALLING(R"({"mode":"VALIDATED","allowed_function_names":["f"]})")},
};
INSTANTIATE_TEST_SUITE_P(Choices, Body, testing::ValuesIn(kChoices));

TEST(Refused, NamesAllThatGoogleLacks) {
    const auto words = translated_with(
        R"(,"logit_bias":{"1":1},"store":true,"reasoning_effort":"xhigh","prediction":null)");
    ASSERT_TRUE(words.is_string());
    EXPECT_TRUE(words.get_string().starts_with(
        "gemini does not support parameters: ['logit_bias', 'store', 'reasoning_effort'], for "
        "model=gemini-2.5-flash (reasoning_effort: none, minimal, low, medium or high, of a model "
        "that thinks)."))
        << words.get_string();
}

TEST(Refused, IsLeftOutWithDropParamsAndAsAHint) {
    constexpr std::string_view kRequest =
        R"({"messages":[{"role":"user","content":"hi"}],"logit_bias":{"1":1},"verbosity":"low"})";
    auto dropped = options_for(kOlder);
    dropped.drop_params = true;
    auto hinted = options_for(kOlder);
    hinted.hint_params = "logit_bias,verbosity";
    for (const auto& options : {dropped, hinted}) {
        EXPECT_JSON(translated(kRequest, options),
                    R"({"contents":[{"role":"user","parts":[{"text":"hi"}]}]})");
    }
    auto allowed = dropped;
    allowed.allowed_params = "verbosity";
    EXPECT_JSON(translated(kRequest, allowed).at("generationConfig"), R"({"verbosity":"low"})");
}

// Nothing that a client said is lost in silence.
TEST(Dropped, IsNamed) {
    struct SaidDropped {
        const char* members;
        std::vector<std::string> names;
    };
    const SaidDropped kSaidDropped[] = {
        {R"("temperature":1,"topK":3,"metadata":null,"store":false)", {}},
        {R"("verbosity":"low","user":"u","vendor_knob":1)", {"verbosity", "vendor_knob", "user"}},
        {R"("stop":["a","b","c","d","e","f"])", {"stop"}},
        {R"("web_search_options":{},"tools":[)" FUNCTION("") "]", {"web_search_options"}},
    };
    for (const auto& said : kSaidDropped) {
        auto options = options_for(kOlder);
        options.drop_params = true;
        const auto call = translate_request(
            std::string(R"({"messages":[{"role":"user","content":"hi"}],)") + said.members + "}",
            options);
        ASSERT_TRUE(call) << said.members;
        EXPECT_EQ(call->dropped.names(), said.names) << said.members;
    }
}

TEST(Refused, OneCallAtATimeOfSeveralTools) {
    constexpr std::string_view kOne = R"(,"parallel_tool_calls":false,"tools":[)" FUNCTION("") "]";
    constexpr std::string_view kTwo =
        R"(,"parallel_tool_calls":false,"tools":[)" FUNCTION("") "," FUNCTION("") "]";
    EXPECT_TRUE(translated_with(kOne).is_object());
    EXPECT_TRUE(translated_with(kTwo).is_string());
}

TEST(Instruction, HasTheFirstMessagesInTheirOrder) {
    const auto body = translated(
        R"({"messages":[{"role":"system","content":"a"},{"role":"developer","content":"b"},
          {"role":"user","content":"c"}]})",
        options_for(kOlder));
    EXPECT_JSON(body.at("system_instruction"), R"({"parts":[{"text":"a"},{"text":"b"}]})");
}

TEST(Resolution, OfTheWholeRequestIsTheHighestOfItsImages) {
    const auto body = translated(
        R"({"messages":[{"role":"user","content":[
          {"type":"image_url","image_url":{"url":"gs://b/a.png","detail":"high"}},
          {"type":"image_url","image_url":{"url":"gs://b/b.png","detail":"low"}}]}]})",
        options_for(kOlder));
    EXPECT_JSON(body.at("generationConfig"), R"({"mediaResolution":"MEDIA_RESOLUTION_HIGH"})");
}

}  // namespace
}  // namespace patchbay::google
