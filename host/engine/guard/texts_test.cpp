#include "engine/guard/texts.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/guard/document.hpp"

namespace patchbay::guard {
namespace {

namespace json = boost::json;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> lines(const std::vector<Text>& texts) {
    std::vector<std::string> all;
    for (const Text& text : texts) all.push_back(text.path + " " + text.role + " " + text.copy);
    return all;
}

TEST(Texts, of_a_request_are_what_people_and_models_wrote) {
    json::value request = json::parse(R"({
        "model": "m", "user": "u-1",
        "messages": [
            {"role": "developer", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "Look"},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]},
            {"role": "assistant", "content": null, "reasoning_content": "hm",
             "tool_calls": [{"id": "t1", "type": "function",
                             "function": {"name": "f", "arguments": "{\"q\":1}"}}]},
            {"role": "tool", "tool_call_id": "t1", "content": "result"}],
        "tools": [{"type": "function", "function": {"name": "f", "description": "finds"}}]})");
    EXPECT_THAT(
        lines(request_texts(request)),
        ElementsAre("/messages/0/content system Be brief.", "/messages/1/content/0/text user Look",
                    "/messages/2/reasoning_content assistant hm",
                    "/messages/2/tool_calls/0/function/arguments assistant {\"q\":1}",
                    "/messages/3/content tool result", "/tools/0/function/description  finds"));
}

TEST(Texts, of_other_requests_are_prompt_and_input) {
    json::value prompt = json::parse(R"({"prompt": "once"})");
    EXPECT_THAT(lines(request_texts(prompt)), ElementsAre("/prompt user once"));
    json::value input = json::parse(R"({"input": ["a", 7, "b"]})");
    EXPECT_THAT(lines(request_texts(input)), ElementsAre("/input/0 user a", "/input/2 user b"));
    json::value odd = json::parse(R"([{"messages": 3}])");
    EXPECT_THAT(request_texts(odd), IsEmpty());
}

TEST(Texts, of_an_answer_are_all_strings_that_are_not_structure) {
    json::value answer = json::parse(R"({"id": "x", "model": "m", "choices": [{"index": 0,
        "finish_reason": "stop", "message": {"role": "assistant", "content": "Hi",
            "provider_specific_fields": {"quote": "Hi again"},
            "thinking_blocks": [{"type": "thinking", "thinking": "hm", "signature": "s"}],
            "tool_calls": [{"id": "t", "type": "function",
                            "function": {"name": "f", "arguments": "{}"}}]}}]})");
    EXPECT_THAT(lines(answer_texts(answer)),
                ElementsAre("/choices/0/message/content assistant Hi",
                            "/choices/0/message/provider_specific_fields/quote assistant Hi again",
                            "/choices/0/message/thinking_blocks/0/thinking assistant hm",
                            "/choices/0/message/tool_calls/0/function/arguments assistant {}"));
}

TEST(Texts, of_a_delta_are_found_by_index) {
    json::value choice = json::parse(R"({"index": 2, "delta": {"content": "a",
        "tool_calls": [{"index": 5, "function": {"arguments": "b"}}]}})");
    EXPECT_THAT(lines(delta_texts(choice)),
                ElementsAre("/choices/2/delta/content assistant a",
                            "/choices/2/delta/tool_calls/5/function/arguments assistant b"));
}

TEST(Document, puts_edits_where_the_texts_were) {
    Document document(
        R"({"messages":[{"role":"user","content":"a"},{"role":"user","content":"b"}]})", false);
    ASSERT_EQ(document.texts().size(), 2u);
    const TextEdit edits[] = {{1, "B \"quoted\"", 0}};
    EXPECT_EQ(
        document.edited(edits),
        R"({"messages":[{"role":"user","content":"a"},{"role":"user","content":"B \"quoted\""}]})");
}

TEST(Document, an_edited_answer_loses_its_token_probabilities) {
    Document document(
        R"({"choices":[{"message":{"content":"a"},"logprobs":{"content":[{"token":"a"}]}}]})",
        true);
    const TextEdit edits[] = {{0, "*", 0}};
    EXPECT_EQ(document.edited(edits),
              R"({"choices":[{"message":{"content":"*"},"logprobs":null}]})");
}

TEST(Document, what_is_not_json_has_no_texts) {
    EXPECT_THAT(Document("{", false).texts(), IsEmpty());
}

}  // namespace
}  // namespace patchbay::guard
