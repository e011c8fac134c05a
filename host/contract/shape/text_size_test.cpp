#include "contract/shape/text_size.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

TEST(TextSize, counts_what_was_said_in_a_chunk) {
    EXPECT_EQ(text_size(R"([{"index":0,"delta":{"content":"part"},"finish_reason":"stop"}])"), 4u);
    EXPECT_EQ(text_size(R"([{"delta":{"role":"assistant","content":""}}])"), 0u);
    EXPECT_EQ(text_size(R"([{"delta":{"content":null}},{"delta":{"content":"ab"}}])"), 2u);
    EXPECT_EQ(text_size(R"([ { "delta" : { "reasoning_content" : "hm" } } ])"), 2u);
    EXPECT_EQ(
        text_size(
            R"([{"delta":{"tool_calls":[{"id":"t","function":{"name":"f","arguments":"{\"a\""}}]}}])"),
        6u);
}

TEST(TextSize, counts_the_texts_of_messages_and_no_pictures) {
    EXPECT_EQ(
        text_size(R"([{"role":"system","content":"abc"},{"role":"user","content":[)"
                  R"({"type":"text","text":"de"},)"
                  R"({"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}])"),
        5u);
}

TEST(TextSize, counts_a_prompt_and_the_items_of_responses) {
    EXPECT_EQ(text_size(R"("abc")"), 3u);
    EXPECT_EQ(text_size(R"([{"role":"user","content":[{"type":"input_text","text":"ab"}]},)"
                        R"({"type":"function_call_output","call_id":"c","output":"cde"}])"),
              5u);
}

TEST(TextSize, survives_what_is_no_json) {
    for (const char* text :
         {"", "\"", "\"content", "\"content\":\"a\\", "\"content\":\"a\\\"", "{"}) {
        EXPECT_EQ(text_size(text), 0u) << text;
    }
}

TEST(TextSize, any_text_is_a_token_at_least) {
    EXPECT_EQ(estimated_tokens(0), 0u);
    EXPECT_EQ(estimated_tokens(1), 1u);
    EXPECT_EQ(estimated_tokens(4), 1u);
    EXPECT_EQ(estimated_tokens(5), 2u);
}

}  // namespace
}  // namespace patchbay
