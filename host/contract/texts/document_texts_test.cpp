#include "contract/texts/document_texts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay::guard {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// "path role text" of each, with "!" in front of those that cannot be changed and "~" of labels.
std::vector<std::string> lines(std::string_view document, DocumentKind kind) {
    const auto found = find_texts(document, kind);
    if (!found) return {found.error().message};
    std::vector<std::string> all;
    for (const DocumentText& text : found->texts) {
        all.push_back((text.change == Change::none    ? "!"
                       : text.change == Change::label ? "~"
                                                      : "") +
                      text.path + " " + text.role + " " + text.copy);
    }
    return all;
}
std::vector<std::string> request(std::string_view document) {
    return lines(document, DocumentKind::request);
}

TEST(RequestTexts, are_what_people_and_models_wrote) {
    EXPECT_THAT(
        request(R"({
        "model": "m", "stream": true, "temperature": 0.5,
        "messages": [
            {"role": "developer", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "Look"},
                {"type": "image_url",
                 "image_url": {"detail": "low", "url": "data:image/png;base64,AAAA"}}]},
            {"content": null, "reasoning_content": "hm", "role": "assistant",
             "tool_calls": [{"id": "t1", "type": "function",
                             "function": {"arguments": "{\"q\":1}"}}]},
            {"role": "tool", "tool_call_id": "t1", "content": "result"}],
        "tools": [{"type": "function", "function": {"description": "finds"}}]})"),
        ElementsAre("/messages/0/content system Be brief.", "/messages/1/content/0/text user Look",
                    "/messages/2/reasoning_content assistant hm",
                    "/messages/2/tool_calls/0/function/arguments assistant {\"q\":1}",
                    "/messages/3/content tool result", "/tools/0/function/description  finds"));
}

// Each holds the word where a model may read it; the prefix says what can be done about it.
TEST(RequestTexts, are_found_wherever_they_stand) {
    const std::pair<const char*, const char*> cases[] = {
        {R"("prediction":{"type":"content","content":"heron"})", "/prediction/content  heron"},
        {R"("prediction":{"content":[{"type":"text","text":"heron"}]})",
         "/prediction/content/0/text  heron"},
        {R"("functions":[{"description":"heron"}])", "/functions/0/description  heron"},
        {R"("tools":[{"function":{"parameters":{"properties":{"a":{"description":"heron"}}}}}])",
         "/tools/0/function/parameters/properties/a/description  heron"},
        {R"("tools":[{"function":{"parameters":{"properties":{"id":{"title":"heron"}}}}}])",
         "/tools/0/function/parameters/properties/id/title  heron"},
        {R"("tools":[{"function":{"parameters":{"$defs":{"t":{"anyOf":[{"const":"heron"}]}}}}}])",
         "/tools/0/function/parameters/$defs/t/anyOf/0/const  heron"},
        {R"("tools":[{"function":{"parameters":{"enum":["x","heron"]}}}])",
         "/tools/0/function/parameters/enum/1  heron"},
        {R"("tools":[{"function":{"parameters":{"default":{"id":"heron"}}}}])",
         "/tools/0/function/parameters/default/id  heron"},
        {R"("tools":[{"function":{"parameters":{"examples":[{"type":"heron"}]}}}])",
         "/tools/0/function/parameters/examples/0/type  heron"},
        {R"("tools":[{"type":"custom","custom":{"format":{"definition":"heron"}}}])",
         "/tools/0/custom/format/definition  heron"},
        {R"("response_format":{"json_schema":{"description":"heron"}})",
         "/response_format/json_schema/description  heron"},
        {R"("response_format":{"json_schema":{"schema":{"description":"heron"}}})",
         "/response_format/json_schema/schema/description  heron"},
        {R"("system":[{"type":"text","text":"heron"}])", "/system/0/text  heron"},
        {R"("instructions":"heron")", "/instructions  heron"},
        {R"("suffix":"heron")", "/suffix  heron"},
        {R"("stop":["x","heron"])", "/stop/1  heron"},
        {R"("user":"heron")", "/user  heron"},
        {R"("web_search_options":{"user_location":{"approximate":{"city":"heron"}}})",
         "/web_search_options/user_location/approximate/city  heron"},
        {R"("something_new":{"deep":[[{"er":"heron"}]]})", "/something_new/deep/0/0/er  heron"},
        {R"("messages":[{"role":"user","content":{"type":"text","text":"heron"}}])",
         "/messages/0/content/text user heron"},
        {R"("messages":[{"role":"user","content":[["heron"]]}])",
         "/messages/0/content/0/0 user heron"},
        {R"("messages":["heron"])", "/messages/0  heron"},
        {R"("messages":{"role":"user","content":"heron"})", "/messages/content  heron"},
        {R"("messages":[{"role":"user","name":"heron"}])", "~/messages/0/name user heron"},
        {R"("messages":[{"role":"heron","content":""}])", "!/messages/0/role  heron"},
        {R"("messages":[{"role":"user","content":[{"type":"a heron"}]}])",
         "!/messages/0/content/0/type user a heron"},
        {R"("messages":[{"role":"assistant","refusal":"heron"}])",
         "/messages/0/refusal assistant heron"},
        {R"("messages":[{"role":"assistant","function_call":{"arguments":"heron"}}])",
         "/messages/0/function_call/arguments assistant heron"},
        {R"("messages":[{"role":"assistant","content":[{"type":"tool_use","input":{"id":"heron"}}]}])",
         "/messages/0/content/0/input/id assistant heron"},
        {R"("messages":[{"role":"user","content":[{"type":"file","file":{"filename":"heron"}}]}])",
         "/messages/0/content/0/file/filename user heron"},
        {R"("messages":[{"role":"user","content":[{"type":"document","data":"a heron"}]}])",
         "/messages/0/content/0/data user a heron"},
        {R"("messages":[{"role":"user","content":"data: heron"}])",
         "/messages/0/content user data: heron"},
        {R"("messages":[{"role":"user","content":"data:text/plain;base64,a heron"}])",
         "/messages/0/content user data:text/plain;base64,a heron"},
        {R"("messages":[{"role":"user","content":"data:;base64,heron"}])",
         "/messages/0/content user data:;base64,heron"},
        {R"("messages":[{"role":"user","content":[{"image_url":{"url":"https://x/a heron"}}]}])",
         "/messages/0/content/0/image_url/url user https://x/a heron"},
        {R"("messages":[{"role":"user","content":"h\u0065ron"}])",
         "/messages/0/content user heron"},
        {R"("m\u0065ssages":[{"role":"user","content":"heron"}])",
         "/messages/0/content user heron"},
        {R"("tools":[{"function":{"name":"heron"}}])", "!/tools/0/function/name  heron"},
        {R"("tools":[{"function":{"parameters":{"required":["heron"]}}}])",
         "!/tools/0/function/parameters/required/0  heron"},
        {R"("tools":[{"function":{"parameters":{"properties":{"x":{},"heron":{}}}}}])",
         "!/tools/0/function/parameters/properties  x\nheron"},
        {R"("messages":[{"role":"user","a heron":1}])", "!/messages/0 user a heron"},
        {R"("prompt":["heron"])", "/prompt/0 user heron"},
        {R"("input":[{"role":"user","content":"heron"}])", "/input/0/content user heron"},
    };
    for (const auto& [member, line] : cases) {
        EXPECT_THAT(request("{" + std::string(member) + "}"), Contains(line)) << member;
    }
}

TEST(RequestTexts, are_not_ids_types_roles_or_data) {
    EXPECT_THAT(request(R"({"model":"m","tool_choice":"auto","service_tier":"default",
        "modalities":["text","audio"],"audio":{"voice":"alloy","format":"mp3"},"n":1e3,
        "messages":[{"role":"user","content":[{"type":"input_audio",
            "input_audio":{"data":"UklGRg==","format":"wav"}},
            {"type":"file","file":{"file_id":"file-1","file_data":"data:application/pdf;base64,JVBE"}},
            {"type":"image_url","image_url":{"url":"https://x/a?b=c%20d"}},
            {"type":"text","text":"","cache_control":{"type":"ephemeral"}}]},
            {"role":"tool","tool_call_id":"call_1/2"}]})"),
                IsEmpty());
}

TEST(RequestTexts, are_those_that_are_sent_and_in_a_log_those_that_are_kept) {
    constexpr std::string_view kRequest =
        R"({"metadata":{"note":"heron"},"mock_response":"heron","tools":[{"function":{"name":"f"}}]})";
    EXPECT_THAT(request(kRequest), ElementsAre("!/tools/0/function/name  f"));
    EXPECT_THAT(
        lines(kRequest, DocumentKind::logged_request),
        ElementsAre("/metadata/note  heron", "/mock_response  heron", "/tools/0/function/name  f"));
}

TEST(RequestTexts, of_repeated_members_are_all_found) {
    EXPECT_THAT(
        request(R"({"messages":[{"role":"user","content":"a","content":"b"}],"messages":[]})"),
        ElementsAre("/messages/0/content user a", "/messages/0/content user b"));
    EXPECT_THAT(request(R"({"messages":[],"messages":[{"role":"user","content":"c"}]})"),
                ElementsAre("/messages/0/content user c"));
}

TEST(RequestTexts, are_utf8_whatever_halves_of_pairs_they_hold) {
    EXPECT_THAT(request(R"({"prompt":"cut \ud83d here \ud83d\ude00","\udfff":"x"})"),
                ElementsAre("/prompt user cut \uFFFD here 😀", "/\uFFFD  x", "!  \uFFFD"));
}

TEST(RequestTexts, in_arguments_have_their_escapes_resolved) {
    const auto arguments = [](const std::string& escaped) {
        return request(
                   R"({"messages":[{"role":"assistant","tool_calls":[{"function":{"arguments":")" +
                   escaped + "\"}}]}]}")
            .at(0)
            .substr(std::string("/messages/0/tool_calls/0/function/arguments assistant ").size());
    };
    EXPECT_EQ(arguments(R"({\"q\":\"\\u0446\\u0430\\/sec\\u0072et\"})"), R"({"q":"ца/secret"})");
    EXPECT_EQ(arguments(R"([\"\\ud83d\\ude00 \\ud83d \\\\u0041 \\u0022 \\n\"])"),
              R"(["😀 \ud83d \\u0041 \u0022 \n"])");
    EXPECT_EQ(arguments(R"({\"n\":12345678901234567890123})"), R"({"n":12345678901234567890123})");
    // Not JSON: as it stands.
    EXPECT_EQ(arguments(R"(C:\\u0041)"), R"(C:\u0041)");
    EXPECT_EQ(arguments(R"({\"q\":\"\\u0041)"), R"({"q":"\u0041)");
}

TEST(RequestTexts, of_other_documents_than_objects) {
    EXPECT_THAT(request(R"(["a",{"b":"c"}])"), ElementsAre("/0  a", "/1/b  c"));
    EXPECT_THAT(request("7"), IsEmpty());
}

TEST(RequestTexts, of_what_cannot_be_read_are_an_error) {
    EXPECT_THAT(request(R"({"a":)"),
                ElementsAre("the document cannot be read: a value expected at byte 5"));
    EXPECT_THAT(request(R"({"a":1,})"),
                ElementsAre("the document cannot be read: a member name expected at byte 7"));
    EXPECT_THAT(request(R"(["a",])"), ElementsAre(HasSubstr("a value expected at byte 5")));
    EXPECT_THAT(request("{} x"), ElementsAre(HasSubstr("the end expected at byte 3")));
    EXPECT_THAT(request("{\"a\":\"\xff\"}"), ElementsAre("the document is not UTF-8"));
    EXPECT_THAT(request(std::string(701, '[') + std::string(701, ']')),
                ElementsAre(HasSubstr("nested too deeply")));
    EXPECT_THAT(request(std::string(600, '[') + "\"deep\"" + std::string(600, ']')),
                Contains(HasSubstr("deep")));
}

TEST(AnswerTexts, are_all_strings_of_the_message_that_are_not_structure) {
    EXPECT_THAT(
        lines(R"({"id": "x", "model": "m", "choices": [{"index": 0,
        "finish_reason": "stop", "message": {"role": "assistant", "content": "Hi",
            "provider_specific_fields": {"quote": "Hi again", "data": {"more": "and again"}},
            "thinking_blocks": [{"type": "thinking", "thinking": "hm", "signature": "s"}],
            "tool_calls": [{"id": "t", "type": "function",
                            "function": {"name": "f", "arguments": "{\"a\":\"\\u0446\"}"}}]}},
            {"text": "completed", "logprobs": {"tokens": ["completed"]}}]})",
              DocumentKind::answer),
        ElementsAre("/choices/0/message/content assistant Hi",
                    "/choices/0/message/provider_specific_fields/quote assistant Hi again",
                    "/choices/0/message/provider_specific_fields/data/more assistant and again",
                    "/choices/0/message/thinking_blocks/0/thinking assistant hm",
                    "/choices/0/message/tool_calls/0/function/arguments assistant {\"a\":\"ц\"}",
                    "/choices/1/text assistant completed"));
    EXPECT_THAT(lines(R"({"choices":[{"message":{"content":"data: heron","code":"x",
                          "images":[{"url":"data:image/png;base64,AA"},{"url":"https://x/heron"}]}}]})",
                      DocumentKind::answer),
                ElementsAre("/choices/0/message/content assistant data: heron",
                            "/choices/0/message/code assistant x",
                            "/choices/0/message/images/1/url assistant https://x/heron"));
}

}  // namespace
}  // namespace patchbay::guard
