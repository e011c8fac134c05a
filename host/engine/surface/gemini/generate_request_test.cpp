#include "engine/surface/gemini/generate_request.hpp"

#include "engine/surface/gemini/test_support.hpp"

namespace patchbay::surface {

namespace {

using namespace test;

TEST(ChatOfGenerate, SaysWholeRequestsInOrder) {
    const struct {
        const char* what;
        const char* body;
        bool stream;
        const char* expected;
    } cases[] = {
        {"plain", R"({"contents":[{"parts":[{"text":"hi"}],"role":"user"}]})", false,
         R"({"model":"m","messages":[{"role":"user","content":"hi"}]})"},
        {"sampling",
         R"({"systemInstruction":{"parts":[{"text":"Be brief."}]},"model":"models/other",
             "contents":[{"parts":[{"text":"hi"}]}],
             "generationConfig":{"temperature":0.20,"topP":0.9,"topK":40,"maxOutputTokens":100,
                 "stopSequences":["END",""],"candidateCount":1,"seed":7,"presencePenalty":0.5,
                 "frequencyPenalty":-0.5}})",
         true,
         R"({"model":"m","messages":[{"role":"system","content":"Be brief."},
             {"role":"user","content":"hi"}],"temperature":0.2,"top_p":0.9,"top_k":40,
             "max_tokens":100,"stop":["END"],"seed":7,"presence_penalty":0.5,
             "frequency_penalty":-0.5,"stream":true,"stream_options":{"include_usage":true}})"},
        {"names as protobuf writes them",
         R"({"system_instruction":{"parts":[{"text":"Be brief."}]},
             "contents":[{"parts":[{"text":"hi"}]}],
             "generation_config":{"max_output_tokens":"10","candidate_count":2}})",
         false,
         R"({"model":"m","messages":[{"role":"system","content":"Be brief."},
             {"role":"user","content":"hi"}],"max_tokens":10,"n":2})"},
        {"gateway's and unknown members",
         R"({"contents":[],"num_retries":2,"guardrails":["a"],"tags":["t"],"fooBar":1,"bar":null,
             "metadata":{"a":1},"stream":true,"messages":["never"]})",
         false,
         R"({"model":"m","messages":[],"num_retries":2,"guardrails":["a"],"tags":["t"],"fooBar":1,
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

TEST(ChatOfGenerate, SaysHowMuchToThinkAndInWhatForm) {
    const GenerateCase cases[] = {
        {"low", with_config(R"({"thinkingConfig":{"thinkingBudget":1024}})"), "reasoning_effort",
         R"("low")"},
        {"medium", with_config(R"({"thinkingConfig":{"thinkingBudget":"1025"}})"),
         "reasoning_effort", R"("medium")"},
        {"budget", with_config(R"({"thinkingConfig":{"thinkingBudget":8192}})"), "thinking",
         R"({"type":"enabled","budget_tokens":8192})"},
        {"off", with_config(R"({"thinkingConfig":{"thinkingBudget":0}})"), "thinking",
         R"({"type":"disabled"})"},
        {"as the model likes", with_config(R"({"thinkingConfig":{"thinkingBudget":-1}})"),
         "thinking", ""},
        {"level", with_config(R"({"thinkingConfig":{"thinkingLevel":"HIGH"}})"), "reasoning_effort",
         R"("high")"},
        {"a level wins",
         with_config(R"({"thinkingConfig":{"thinkingLevel":"low","thinkingBudget":0}})"),
         "thinking", ""},
        {"plain text", with_config(R"({"responseMimeType":"text/plain"})"), "response_format", ""},
        {"JSON", with_config(R"({"responseMimeType":"application/json"})"), "response_format",
         R"({"type":"json_object"})"},
        {"Google's schema",
         with_config(R"({"responseMimeType":"application/json","responseSchema":{"type":"OBJECT",
             "properties":{"n":{"type":"INTEGER"}}}})"),
         "response_format",
         R"({"type":"json_schema","json_schema":{"name":"response","schema":{"type":"object",
             "properties":{"n":{"type":"integer"}}},"strict":false}})",
         {"generationConfig.responseSchema"}},
        {"JSON Schema", with_config(R"({"responseMimeType":"application/json","responseJsonSchema":
             {"type":"object","additionalProperties":false}})"),
         "response_format",
         R"({"type":"json_schema","json_schema":{"name":"response","schema":{"type":"object",
             "additionalProperties":false},"strict":true}})"},
        {"logprobs", with_config(R"({"responseLogprobs":true,"logprobs":3})"), "top_logprobs", "3"},
        {"only text", with_config(R"({"responseModalities":["TEXT"]})"), "modalities", ""},
        {"details",
         with_config(R"({"audioTimestamp":true,"somethingNew":1,"topP":null})"),
         "top_p",
         "",
         {"generationConfig.audioTimestamp", "generationConfig.somethingNew"}},
        {"nothing filtered",
         with_top_members(R"("safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT",
             "threshold":"BLOCK_NONE"},{"category":"X","threshold":"OFF"}])"),
         "safety_settings", ""},
        {"tier", with_top_members(R"("serviceTier":"standard")"), "service_tier", R"("default")"},
        {"labels",
         with_top_members(R"("labels":{"a":"b"},"store":false)"),
         "metadata",
         "",
         {"labels"}},
    };
    for (const auto& c : cases) expect_chat(c);
}

TEST(ChatOfGenerate, KnowsWhetherThoughtsAreWanted) {
    const auto wanted = chat_of(with_config(R"({"thinkingConfig":{"includeThoughts":true}})"));
    ASSERT_TRUE(wanted);
    EXPECT_TRUE(wanted->thoughts);
    const auto unasked = chat_of(with_contents(""));
    ASSERT_TRUE(unasked);
    EXPECT_FALSE(unasked->thoughts);
}

TEST(ChatOfGenerate, LeavesOutWhatCannotBeSaidOnlyIfTold) {
    const struct {
        const char* what;
        std::string body;
        const char* place;
    } cases[] = {
        {"filters", with_top_members(R"("safetySettings":[{"threshold":"BLOCK_LOW_AND_ABOVE"}])"),
         "safetySettings"},
        {"speech", with_config(R"({"speechConfig":{}})"), "generationConfig.speechConfig"},
        {"images", with_config(R"({"responseModalities":["TEXT","IMAGE"]})"),
         "generationConfig.responseModalities"},
        {"an enum", with_config(R"({"responseMimeType":"text/x.enum"})"),
         "generationConfig.responseMimeType"},
        {"code", with_top_members(R"("tools":[{"codeExecution":{}}])"), "tools.0.codeExecution"},
        {"kept", with_top_members(R"("store":true)"), "store"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        const auto refused = chat_of(c.body);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().cls, ErrorClass::unsupported);
        EXPECT_EQ(refused.error().status(), 400);
        EXPECT_EQ(refused.error().param, c.place);
        const auto dropped = chat_of(c.body, true);
        ASSERT_TRUE(dropped) << dropped.error().message;
        EXPECT_EQ(dropped->dropped.size(), 1u);
    }
}

TEST(ChatOfGenerate, RefusesWhatMustNotVanish) {
    const RefusedCase cases[] = {
        {"a cache", with_top_members(R"("cachedContent":"cachedContents/abc")"), "cachedContent"},
        {"a protection", with_top_members(R"("modelArmorConfig":{})"), "modelArmorConfig"},
        {"a video", with_user_parts(R"({"inlineData":{"mimeType":"video/mp4","data":"AAAA"}})"),
         "contents.0.parts.0.inlineData"},
        {"other sound", with_user_parts(R"({"inlineData":{"mimeType":"audio/ogg","data":"AAAA"}})"),
         "contents.0.parts.0.inlineData"},
        {"a file of Google's",
         with_user_parts(R"({"fileData":{"fileUri":"gs://bucket/a.png","mimeType":"image/png"}})"),
         "contents.0.parts.0.fileData"},
        {"a film of Google's",
         with_user_parts(R"({"fileData":{"fileUri":"https://www.youtube.com/watch?v=1"}})"),
         "contents.0.parts.0.fileData"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        const auto chat = chat_of(c.body, true);
        ASSERT_FALSE(chat);
        EXPECT_EQ(chat.error().cls, ErrorClass::unsupported);
        EXPECT_EQ(chat.error().param, c.param);
    }
}

TEST(ChatOfGenerate, NamesThePlaceOfAWrongShape) {
    const RefusedCase cases[] = {
        {"no contents", R"({"contents":7})", "contents"},
        {"a content", with_contents("7"), "contents.0"},
        {"a role", with_contents(R"({"role":"assistant","parts":[]})"), "contents.0.role"},
        {"parts", with_contents(R"({"parts":{}})"), "contents.0.parts"},
        {"a part", with_user_parts(R"({"text":"a"},7)"), "contents.0.parts.1"},
        {"nothing in a part", with_user_parts("{}"), "contents.0.parts.0"},
        {"text", with_user_parts(R"({"text":7})"), "contents.0.parts.0.text"},
        {"media type", with_user_parts(R"({"inlineData":{"data":"AAAA"}})"),
         "contents.0.parts.0.inlineData.mimeType"},
        {"data", with_user_parts(R"({"inlineData":{"mimeType":"image/png"}})"),
         "contents.0.parts.0.inlineData.data"},
        {"no text", with_user_parts(R"({"inlineData":{"mimeType":"text/csv","data":"/w=="}})"),
         "contents.0.parts.0.inlineData.data"},
        {"a call", with_contents(R"({"role":"model","parts":[{"functionCall":{"args":{}}}]})"),
         "contents.0.parts.0.functionCall.name"},
        {"its arguments",
         with_contents(R"({"role":"model","parts":[{"functionCall":{"name":"f","args":[]}}]})"),
         "contents.0.parts.0.functionCall.args"},
        {"a result", with_user_parts(R"({"functionResponse":{"response":{}}})"),
         "contents.0.parts.0.functionResponse.name"},
        {"configuration", with_config("7"), "generationConfig"},
        {"a number", with_config(R"({"topP":"x"})"), "generationConfig.topP"},
        {"a budget", with_config(R"({"thinkingConfig":{"thinkingBudget":-2}})"),
         "generationConfig.thinkingConfig.thinkingBudget"},
        {"a level", with_config(R"({"thinkingConfig":{"thinkingLevel":"WILD"}})"),
         "generationConfig.thinkingConfig.thinkingLevel"},
        {"a schema", with_config(R"({"responseSchema":7})"), "generationConfig.responseSchema"},
        {"tools", with_top_members(R"("tools":{})"), "tools"},
        {"a name", with_top_members(R"("tools":[{"functionDeclarations":[{}]}])"),
         "tools.0.functionDeclarations.0.name"},
        {"a mode", with_top_members(R"("toolConfig":{"functionCallingConfig":{"mode":"X"}})"),
         "toolConfig.functionCallingConfig.mode"},
        {"instructions", with_top_members(R"("systemInstruction":7)"), "systemInstruction"},
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
