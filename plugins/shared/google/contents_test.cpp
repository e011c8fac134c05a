// Conversations as Google's turns.
#include "test_support.hpp"

namespace patchbay::google {
namespace {

struct TurnsCase {
    const char* what;
    const char* messages;
    const char* contents;
    std::string_view model = kOlder;
};

class Turns : public testing::TestWithParam<TurnsCase> {};

TEST_P(Turns, SayWhatTheMessagesSay) {
    const auto& param = GetParam();
    EXPECT_JSON(contents_of(param.messages, param.model), param.contents) << param.what;
}

constexpr TurnsCase kPlain[] = {
    {"one role after another", R"([{"role":"user","content":"a"},{"role":"assistant","content":"b"},
      {"role":"user","content":"c"}])",
     R"([{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[{"text":"b"}]},
      {"role":"user","parts":[{"text":"c"}]}])"},
    {"neighbours of one role are one turn",
     R"([{"role":"user","content":"a"},{"role":"user","content":[{"type":"text","text":"b"}]}])",
     R"([{"role":"user","parts":[{"text":"a"},{"text":"b"}]}])"},
    {"empty texts are left out, and there is always a user", R"([{"role":"user","content":""}])",
     R"([{"role":"user","parts":[{"text":"."}]}])"},
    {"the operator's words are the instruction wherever they stand",
     R"([{"role":"user","content":"a"},{"role":"assistant","content":"b"},
      {"role":"system","content":"c"},{"role":"user","content":"d"}])",
     R"([{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[{"text":"b"}]},
      {"role":"user","parts":[{"text":"d"}]}])"},
    {"a model without instructions gets them from the user",
     R"([{"role":"system","content":"s"},{"role":"user","content":"a"}])",
     R"([{"role":"user","parts":[{"text":"s"},{"text":"a"}]}])", "gemma-3-27b-it"},
    {"thoughts are not the model's without their signature",
     R"([{"role":"user","content":"a"},{"role":"assistant","content":"b","reasoning_content":"t",
       "thinking_blocks":[{"type":"thinking","thinking":"t","signature":"s"}]}])",
     R"([{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[{"text":"b"}]}])"},
    {"the signature of a text comes back on it",
     R"([{"role":"user","content":"a"},{"role":"assistant","content":"b",
       "provider_specific_fields":{"thought_signatures":["S="]}}])",
     R"([{"role":"user","parts":[{"text":"a"}]},
      {"role":"model","parts":[{"text":"b","thoughtSignature":"S="}]}])"},
    {"and in the place that Google's API in OpenAI's form has for it",
     R"([{"role":"user","content":"a"},{"role":"assistant","content":"b",
       "extra_content":{"google":{"thought_signature":"S="}}}])",
     R"([{"role":"user","parts":[{"text":"a"}]},
      {"role":"model","parts":[{"text":"b","thoughtSignature":"S="}]}])"},
};
INSTANTIATE_TEST_SUITE_P(Plain, Turns, testing::ValuesIn(kPlain));

constexpr TurnsCase kToolTurns[] = {
    {"a call has its signature in the place that Google's API in OpenAI's form has for it",
     R"([{"role":"assistant","content":null,"tool_calls":[
        {"id":"1","type":"function","function":{"name":"f","arguments":"{}"},
         "extra_content":{"google":{"thought_signature":"S="}}}]},
      {"role":"tool","tool_call_id":"1","content":"one"}])",
     R"([{"role":"model","parts":[{"function_call":{"name":"f","args":{}},"thoughtSignature":"S="}]},
      {"role":"user","parts":[{"function_response":{"name":"f","response":{"content":"one"}}}]}])"},
    {"results stand together, in the order of the calls, and the user speaks behind them",
     R"([{"role":"assistant","content":null,"tool_calls":[
        {"id":"1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},
        {"id":"2","type":"function","function":{"name":"g","arguments":""}}]},
      {"role":"tool","tool_call_id":"2","content":"two"},
      {"role":"tool","tool_call_id":"1","content":"{\"x\":1}"},{"role":"user","content":"u"}])",
     R"([{"role":"model","parts":[{"function_call":{"name":"f","args":{"a":1}}},
        {"function_call":{"name":"g","args":{}}}]},
      {"role":"user","parts":[{"function_response":{"name":"f","response":{"x":1}}},
        {"function_response":{"name":"g","response":{"content":"two"}}}]},
      {"role":"user","parts":[{"text":"u"}]}])"},
    {"a result with references is told as its text, at whatever depth they are",
     R"([{"role":"assistant","content":null,"tool_calls":[
        {"id":"1","type":"function","function":{"name":"f","arguments":"{}"}},
        {"id":"2","type":"function","function":{"name":"f","arguments":"{}"}}]},
      {"role":"tool","tool_call_id":"1","content":"{\"a\":[{\"$ref\":\"#/$defs/A\"}]}"},
      {"role":"tool","tool_call_id":"2","content":"{\"a\":[{\"ref\":\"$ref\"}]}"}])",
     R"([{"role":"model","parts":[{"function_call":{"name":"f","args":{}}},
        {"function_call":{"name":"f","args":{}}}]},
      {"role":"user","parts":[
        {"function_response":{"name":"f",
         "response":{"content":"{\"a\":[{\"$ref\":\"#/$defs/A\"}]}"}}},
        {"function_response":{"name":"f","response":{"a":[{"ref":"$ref"}]}}}]}])"},
    {"arguments that are no JSON, an error, and a result nobody asked for end nothing",
     R"([{"role":"assistant","content":null,"tool_calls":[
        {"id":"1","type":"function","function":{"name":"f","arguments":"{\"a"}}]},
      {"role":"tool","tool_call_id":"1","content":"no","is_error":true},
      {"role":"tool","tool_call_id":"9","content":"lost"}])",
     R"([{"role":"model","parts":[{"function_call":{"name":"f","args":{"arguments":"{\"a"}}}]},
      {"role":"user","parts":[{"function_response":{"name":"f","response":{"error":"no"}}},
       {"text":"lost"}]}])"},
    {"the same id in a later turn belongs to the later call",
     R"([{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f","arguments":"{}"}}]},
      {"role":"tool","tool_call_id":"1","content":"a"},
      {"role":"assistant","tool_calls":[{"id":"1","function":{"name":"g","arguments":"{}"}}]},
      {"role":"tool","tool_call_id":"1","content":"b"}])",
     R"([{"role":"model","parts":[{"function_call":{"name":"f","args":{}}}]},
      {"role":"user","parts":[{"function_response":{"name":"f","response":{"content":"a"}}}]},
      {"role":"model","parts":[{"function_call":{"name":"g","args":{}}}]},
      {"role":"user","parts":[{"function_response":{"name":"g","response":{"content":"b"}}}]}])"},
    {"an image in a result stands behind all results of the turn",
     R"([{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f","arguments":"{}"}}]},
      {"role":"tool","tool_call_id":"1","content":[{"type":"text","text":"m"},
       {"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]}])",
     R"([{"role":"model","parts":[{"function_call":{"name":"f","args":{}}}]},
      {"role":"user","parts":[{"function_response":{"name":"f","response":{"content":"m"}}},
       {"inline_data":{"mime_type":"image/png","data":"AA=="}}]}])"},
    {"Gemini 3: ids, and images in their result; a signature behind an id",
     R"([{"role":"assistant","tool_calls":[
       {"id":"1__thought__S==","function":{"name":"f","arguments":"{}"}}]},
      {"role":"tool","tool_call_id":"1__thought__S==","content":[{"type":"text","text":"m"},
       {"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]}])",
     R"([{"role":"model","parts":[{"function_call":{"name":"f","args":{},"id":"1"},
       "thoughtSignature":"S=="}]},
      {"role":"user","parts":[{"function_response":{"name":"f","response":{"content":"m"},"id":"1",
       "parts":[{"inline_data":{"mime_type":"image/png","data":"AA=="}}]}}]}])",
     kNewer},
    {"Gemini 3: a signature that went through an API with ids of its own",
     R"([{"role":"assistant","tool_calls":[
       {"id":"1__thought__A-_8","function":{"name":"f","arguments":"{}"}},
       {"id":"2__thought__A-_8QQ","function":{"name":"f","arguments":"{}"}}]}])",
     R"([{"role":"model","parts":[{"function_call":{"name":"f","args":{},"id":"1"},
       "thoughtSignature":"A+/8"},{"function_call":{"name":"f","args":{},"id":"2"},
       "thoughtSignature":"A+/8QQ=="}]},
      {"role":"user","parts":[{"text":"."}]}])",
     kNewer},
    {"Gemini 3: the first call of a turn without a signature says that it has none",
     R"([{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f","arguments":"{}"}},
       {"id":"2","function":{"name":"f","arguments":"{}"}}]}])",
     R"([{"role":"model","parts":[{"function_call":{"name":"f","args":{},"id":"1"},
        "thoughtSignature":"c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I="},
       {"function_call":{"name":"f","args":{},"id":"2"}}]},
      {"role":"user","parts":[{"text":"."}]}])",
     kNewer},
    {"the form with one function_call",
     R"([{"role":"assistant","function_call":{"name":"f","arguments":"{}"}},
      {"role":"function","name":"f","content":"r"}])",
     R"([{"role":"model","parts":[{"function_call":{"name":"f","args":{}}}]},
      {"role":"user","parts":[{"function_response":{"name":"f","response":{"content":"r"}}}]}])"},
};
INSTANTIATE_TEST_SUITE_P(Tools, Turns, testing::ValuesIn(kToolTurns));

#define USER(part) R"([{"role":"user","content":[)" part R"(]}])"
#define PART(part) R"([{"role":"user","parts":[)" part R"(]}])"

constexpr TurnsCase kMedia[] = {
    {"a sound", USER(R"({"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}})"),
     PART(R"({"inline_data":{"mime_type":"audio/wav","data":"AA=="}},{"text":" "})")},
    {"a link, which Google fetches",
     USER(R"({"type":"image_url","image_url":"https://a.b/c.PNG?x"})"),
     PART(
         R"({"file_data":{"file_uri":"https://a.b/c.PNG?x","mime_type":"image/png"}},{"text":" "})")},
    {"a document in a store of Google's",
     USER(R"({"type":"file","file":{"file_id":"gs://b/d","format":"application/pdf"}})"),
     PART(R"({"file_data":{"file_uri":"gs://b/d","mime_type":"application/pdf"}},{"text":" "})")},
    {"a document in the request",
     USER(
         R"({"type":"file","file":{"file_data":"data:application/pdf;base64,AA==","filename":"d"}})"),
     PART(R"({"inline_data":{"mime_type":"application/pdf","data":"AA=="}},{"text":" "})")},
    {"a part of a video",
     USER(R"({"type":"file","file":{"file_id":"gs://b/v.mp4","video_metadata":{"fps":2,
       "start_offset":"1s"}}})"),
     PART(R"({"file_data":{"file_uri":"gs://b/v.mp4","mime_type":"video/mp4"},
       "video_metadata":{"fps":2,"startOffset":"1s"}},{"text":" "})")},
    {"a retrieved text", USER(R"({"type":"search_result","title":"T","source":"https://s",
       "content":[{"type":"text","text":"w"}]})"),
     PART(R"({"text":"T\nhttps://s\nw"})")},
    {"Gemini 3: an image's own resolution",
     USER(
         R"({"type":"image_url","image_url":{"url":"data:image/jpg;base64,AA==","detail":"high"}})"),
     PART(R"({"inline_data":{"mime_type":"image/jpeg","data":"AA=="},
       "media_resolution":{"level":"MEDIA_RESOLUTION_HIGH"}},{"text":" "})"),
     kNewer},
};
INSTANTIATE_TEST_SUITE_P(Media, Turns, testing::ValuesIn(kMedia));

constexpr TurnsCase kRefused[] = {
    {"another owner's file", USER(R"({"type":"file","file":{"file_id":"file-1"}})"),
     R"("messages[0].content[0].file: must be a base64 data URL, or a link with https or gs")"},
    {"a part nobody knows", USER(R"({"type":"hologram"})"),
     R"("messages[0].content[0].type: Google takes no content of this type")"},
    {"no messages", "[]", R"("messages: must be an array that is not empty")"},
    {"no role", R"([{"role":"narrator","content":"x"}])",
     R"("messages[0].role: must be system, developer, user, assistant, tool or function")"},
};
INSTANTIATE_TEST_SUITE_P(Refused, Turns, testing::ValuesIn(kRefused));

}  // namespace
}  // namespace patchbay::google
