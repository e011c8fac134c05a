#include "contract/texts/document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay::guard {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST(Document, puts_edits_where_the_texts_were_and_leaves_all_else_as_it_was) {
    const Document document(
        R"({ "n":12345678901234567890123, "x" : 1e3,"messages":[{"role":"user","content":"a \ud83d"},)"
        R"({"content":"\u0062\ud83d" ,"role":"user"}], "user":"\u0075" })",
        DocumentKind::request);
    ASSERT_EQ(document.texts().size(), 3u);
    const TextEdit edits[] = {{1, "B \"quoted\"", 0}, {2, std::nullopt, 0}};
    EXPECT_EQ(
        document.edited(edits).value(),
        R"({ "n":12345678901234567890123, "x" : 1e3,"messages":[{"role":"user","content":"a \ud83d"},)"
        R"({"content":"B \"quoted\"" ,"role":"user"}], "user":"\u0075" })");
}

TEST(Document, an_edit_that_changes_nothing_is_none) {
    const Document document(R"({"prompt":"\u0061\ud83d"})", DocumentKind::request);
    const TextEdit edits[] = {{0, "a\uFFFD", 0}};
    EXPECT_EQ(document.edited(edits).value(), R"({"prompt":"\u0061\ud83d"})");
}

TEST(Document, both_of_repeated_members_are_edited) {
    const Document document(R"({"prompt":"a","prompt":"b"})", DocumentKind::request);
    const TextEdit edits[] = {{1, "B", 0}, {0, "A", 0}};
    EXPECT_EQ(document.edited(edits).value(), R"({"prompt":"A","prompt":"B"})");
}

TEST(Document, edited_arguments_are_json_text_again) {
    const Document document(
        R"({"messages":[{"role":"assistant","tool_calls":[{"function":{"arguments":"{\"q\":\"\\u0446\\u0022\",\"n\":1e99}"}}]}]})",
        DocumentKind::request);
    ASSERT_EQ(document.texts().size(), 1u);
    EXPECT_EQ(std::string(document.texts()[0].text.ptr, document.texts()[0].text.len),
              R"({"q":"ц\u0022","n":1e99})");
    const TextEdit edits[] = {{0, R"({"q":"*\u0022","n":1e99})", 0}};
    EXPECT_THAT(document.edited(edits).value(),
                HasSubstr(R"("arguments":"{\"q\":\"*\\u0022\",\"n\":1e99}")"));
}

TEST(Document, a_participants_name_gets_letters_that_it_may_have) {
    const Document document(R"({"messages":[{"role":"user","name":"heron"}]})",
                            DocumentKind::request);
    const TextEdit edits[] = {{0, "[A B]\u00e9" + std::string(100, 'x'), 0}};
    EXPECT_EQ(document.edited(edits).value(),
              R"({"messages":[{"role":"user","name":"_A_B___)" + std::string(57, 'x') + R"("}]})");
}

TEST(Document, names_that_others_refer_to_cannot_be_changed) {
    const Document document(
        R"({"tools":[{"function":{"name":"heron","parameters":{"properties":{"egret":{}}}}}]})",
        DocumentKind::request);
    ASSERT_EQ(document.texts().size(), 2u);
    const TextEdit name[] = {{0, "*", 0}};
    EXPECT_THAT(document.edited(name).error().message, HasSubstr("/tools/0/function/name"));
    const TextEdit key[] = {{1, "*", 0}};
    EXPECT_THAT(document.edited(key).error().message,
                HasSubstr("/tools/0/function/parameters/properties"));
    const TextEdit same[] = {{0, "heron", 0}};
    EXPECT_TRUE(document.edited(same));
}

TEST(Document, an_edited_answer_loses_its_token_probabilities) {
    const Document document(
        R"({"choices":[{"message":{"content":"a"},"logprobs":{"content":[{"token":"a"}]}}]})",
        DocumentKind::answer);
    const TextEdit edits[] = {{0, "*", 0}};
    EXPECT_EQ(document.edited(edits).value(),
              R"({"choices":[{"message":{"content":"*"},"logprobs":null}]})");
}

TEST(Document, what_cannot_be_read_is_a_fault_and_not_empty) {
    const Document document("{", DocumentKind::request);
    EXPECT_THAT(document.texts(), IsEmpty());
    ASSERT_TRUE(document.fault());
    EXPECT_THAT(document.fault()->message, HasSubstr("at byte 1"));
    EXPECT_FALSE(Document("{}", DocumentKind::request).fault());
}

}  // namespace
}  // namespace patchbay::guard
