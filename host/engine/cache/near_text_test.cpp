#include "engine/cache/near_text.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

struct TextRow {
    const char* document;
    const char* text;  ///< nullptr: there is no question
};

TEST(NearText, is_what_the_user_says_last_in_any_api) {
    const TextRow rows[] = {
        {R"({"messages":[{"role":"system","content":"s"},{"role":"user","content":"a \"b\" c"}]})",
         "a \"b\" c"},
        {R"({"messages":[{"role":"user","content":"old"},{"role":"assistant","content":"x"},)"
         R"({"role":"user","content":[{"type":"text","text":"one"},{"type":"text","text":"two"}]}],)"
         R"("tools":[{"type":"function","function":{"name":"f","description":"a tool"}}]})",
         "two"},
        {R"({"input":"what is it?"})", "what is it?"},
        {R"({"instructions":"be kind","input":[{"role":"user","content":)"
         R"([{"type":"input_text","text":"what is it?"}]}]})",
         "what is it?"},
        {R"({"contents":[{"role":"user","parts":[{"text":"what is it?"}]}]})", "what is it?"},
        {R"({"contents":[{"parts":[{"text":"what is it?"}]}]})", "what is it?"},
        {R"({"prompt":"once upon a time"})", "once upon a time"},
    };
    for (const TextRow& row : rows) {
        const auto found = near_text(row.document);
        ASSERT_TRUE(found) << row.document;
        EXPECT_EQ(found->text, row.text);
        EXPECT_EQ(found->place.front(), '"');
        EXPECT_EQ(found->place.back(), '"');
    }
}

TEST(NearText, what_is_no_question_is_not_compared) {
    const char* const rows[] = {
        R"({"messages":[{"role":"user","content":"a b"},{"role":"assistant","content":"It is"}]})",
        R"({"messages":[{"role":"user","content":"a b"},{"role":"tool","tool_call_id":"c","content":"4 km"}]})",
        R"({"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"4 km"}]}]})",
        R"({"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t",)"
        R"("content":[{"type":"text","text":"4 km"}]}]}]})",
        R"({"input":[{"role":"user","content":"a b"},{"role":"assistant","content":"It is"}]})",
        R"({"contents":[{"role":"user","parts":[{"text":"a b"}]},{"role":"model","parts":[{"text":"It is"}]}]})",
        R"({"input":[{"type":"function_call_output","call_id":"c","output":"4 km"}]})",
        R"({"messages":[{"role":"system","content":"a b"}]})",
        R"({"messages":[]})",
        R"({"prompt":["a b","c d"]})",
        R"({"messages":[{"role":"user")",
    };
    for (const char* document : rows) EXPECT_FALSE(near_text(document)) << document;
}

}  // namespace
}  // namespace patchbay
