#include "contract/shape/chat_answer.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "contract/shape/test_support.hpp"

namespace patchbay {
namespace {

TEST(ScanChatAnswer, finds_the_model_of_a_chunk) {
    constexpr std::string_view chunk =
        R"({"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-x-2024",)"
        R"("choices":[{"index":0,"delta":{"content":"\"}]{","model":"not this"},"finish_reason":null}],)"
        R"("usage":null})";
    const AnswerFacts scan = scan_chat_answer(chunk);
    EXPECT_TRUE(scan.object);
    EXPECT_EQ(cut(chunk, scan.model), "\"gpt-x-2024\"");
    EXPECT_FALSE(scan.usage);
    EXPECT_FALSE(scan.error);
    EXPECT_FALSE(scan.usage_only);
}

TEST(ScanChatAnswer, usage_without_choices_is_usage) {
    for (const std::string_view chunk :
         {R"({"usage":{"prompt_tokens":1},"choices":null})", R"({"usage":{"prompt_tokens":1}})"}) {
        EXPECT_TRUE(scan_chat_answer(chunk).usage_only) << chunk;
        EXPECT_FALSE(scan_chat_answer(chunk).answer) << chunk;
    }
    EXPECT_FALSE(scan_chat_answer(R"({"usage":null,"choices":null})").usage_only);
    EXPECT_FALSE(scan_chat_answer(R"({"usage":{},"choices":[{"delta":{}}]})").usage_only);
}

TEST(ScanChatAnswer, finds_usage_and_empty_choices) {
    constexpr std::string_view chunk =
        " {\"usage\" : {\"prompt_tokens\":1,\"d\":{\"x\":[]}} , \"choices\":[ ], \"model\":\"m\"} ";
    const AnswerFacts scan = scan_chat_answer(chunk);
    EXPECT_TRUE(scan.object);
    EXPECT_EQ(cut(chunk, scan.usage), "{\"prompt_tokens\":1,\"d\":{\"x\":[]}}");
    EXPECT_TRUE(scan.usage_only);
    EXPECT_EQ(cut(chunk, scan.model), "\"m\"");
}

TEST(ScanChatAnswer, an_error_says_something) {
    for (const std::string_view text :
         {R"({"error":{"message":"x"}})", R"({"error":"x"})", R"({"error":["x"]})",
          R"({"error":1})", R"({"error":true})", R"({"error":{"message":null,"code":500}})",
          R"({"object":"error","message":"x"})", R"({"error":{"error":{"message":"x"}}})"}) {
        EXPECT_TRUE(scan_chat_answer(text).error) << text;
    }
    for (const std::string_view text :
         {R"({"error":null})", R"({"error":""})", R"({"error":{}})", R"({"error":{ }})",
          R"({"error":[ ]})", R"({"error":false})", R"({"error":0})",
          R"({"error":{"message":"","code":null}})", R"({"a":{"error":"x"}})",
          R"({"object":"chat.completion"})"}) {
        EXPECT_FALSE(scan_chat_answer(text).error) << text;
        EXPECT_TRUE(scan_chat_answer(text).object) << text;
    }
}

TEST(ScanChatAnswer, tells_which_choices_have_finished) {
    const struct {
        std::string_view text;
        bay::Choices seen;
        bay::Choices finished;
    } cases[] = {
        {R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]})", 1, 0},
        {R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})", 1, 1},
        {R"({"choices":[{"finish_reason":"stop","index":2},{"index":1}]})", 6, 4},
        {R"({"choices":[{"delta":{"finish_reason":"stop"},"index":0}]})", 1, 0},
        {R"({"choices":[{"index":0,"finish_reason":""}]})", 1, 0},
        {R"({"choices":[{"index":0,"finish_reason":false}]})", 1, 0},
        {R"({"choices":[{"finish_reason":"stop"}]})", 1, 1},
        {R"({"choices":[{"text":"a","index":0,"logprobs":null,"finish_reason":"length"}]})", 1, 1},
        {R"({"choices":[{"index":99,"finish_reason":"stop"}]})", bay::choice_bit(63),
         bay::choice_bit(63)},
        {R"({"choices":[],"usage":{}})", 0, 0},
        {R"({"choices":[7,"x",[]]})", 0, 0},
        {R"({"finish_reason":"stop"})", 0, 0},
        {R"({"choices":{"finish_reason":"stop"}})", 0, 0},
        {R"({"choices":[{"index":0,"finish_reason":"stop"}],"choices":[{"index":1}]})", 2, 0},
    };
    for (const auto& one : cases) {
        const AnswerFacts scan = scan_chat_answer(one.text);
        EXPECT_TRUE(scan.object) << one.text;
        EXPECT_EQ(scan.seen, one.seen) << one.text;
        EXPECT_EQ(scan.finished, one.finished) << one.text;
    }
}

TEST(ScanChatAnswer, tells_answers_from_what_is_none) {
    EXPECT_TRUE(scan_chat_answer(R"({"choices":[{"message":{}}]})").answer);
    EXPECT_TRUE(scan_chat_answer(R"({"choices":[]})").answer);
    EXPECT_TRUE(scan_chat_answer(R"({"choices":[{}],"error":{"message":"remark"}})").answer);
    EXPECT_FALSE(scan_chat_answer(R"({"choices":[],"error":{"message":"x"}})").answer);
    EXPECT_FALSE(scan_chat_answer(R"({"error":{"message":"x"}})").answer);
    EXPECT_FALSE(scan_chat_answer(R"({"choices":null})").answer);
    EXPECT_FALSE(scan_chat_answer(R"({"detail":"x"})").answer);
    EXPECT_FALSE(scan_chat_answer("[]").answer);
}

TEST(ScanChatAnswer, the_last_of_two_members_counts) {
    const AnswerFacts scan = scan_chat_answer(
        R"({"usage":{"a":1},"model":"a","error":1,"choices":[],"usage":null,"model":7,"error":null,"choices":[1]})");
    AnswerFacts expected;
    expected.object = true;
    expected.text = scan.text;
    expected.answer = scan.answer;
    EXPECT_EQ(scan.text.len, 3u);
    EXPECT_EQ(scan, expected);
}

TEST(ScanChatAnswer, gives_nothing_for_what_is_no_object) {
    for (const std::string_view text :
         {"", "[DONE]", "null", "[]", "\"model\"", R"({"model":"m")", R"({"model":"m"}})",
          R"({"error":1,)", R"({"choices":[)", R"({"choices":[{]})", R"({"choices":[{"index":0}})",
          R"({"choices":[{"index":0},]})", "<html></html>"}) {
        EXPECT_EQ(scan_chat_answer(text), AnswerFacts{}) << text;
    }
}

TEST(ScanChatAnswer, survives_every_prefix_and_changed_byte) {
    const std::string whole =
        R"({"model":"m\"","choices":[{"a":"\\","b":[1,{}]}],"error":null,"usage":{"x":"}"},"z":1.5})";
    ASSERT_TRUE(scan_chat_answer(whole).object);
    for (std::size_t i = 0; i < whole.size(); ++i) {
        const std::vector<char> prefix(whole.begin(),
                                       whole.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_EQ(scan_chat_answer({prefix.data(), prefix.size()}), AnswerFacts{}) << i;
        for (int byte = 0; byte < 256; ++byte) {
            std::vector<char> changed(whole.begin(), whole.end());
            changed[i] = static_cast<char>(byte);
            const AnswerFacts scan = scan_chat_answer({changed.data(), changed.size()});
            EXPECT_LE(scan.model.off + scan.model.len, changed.size());
            EXPECT_LE(scan.usage.off + scan.usage.len, changed.size());
        }
    }
}

TEST(ChatSaysSomething, is_more_than_a_role) {
    for (
        const std::string_view text :
        {R"({"choices":[{"index":0,"delta":{"content":"x"}}]})",
         R"({"choices":[{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0}]}}]})",
         R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})",
         R"({"choices":[{"index":0,"delta":{"role":"assistant"}},{"index":1,"delta":{"refusal":"no"}}]})",
         R"({"choices":[{"index":0,"text":"x","finish_reason":null}]})",
         R"({"choices":[{"index":0,"delta":"x"}]})", R"({"choices":{}})", R"({})", "[", ""}) {
        EXPECT_TRUE(chat_says_something(text)) << text;
    }
    for (
        const std::string_view text :
        {R"({"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]})",
         R"({"choices":[{"index":0,"delta":{"role":"assistant","content":null,"refusal":null},"logprobs":null}]})",
         R"({"choices":[{"delta":{"role":"assistant","tool_calls":[]}}]})",
         R"({"choices":[],"prompt_filter_results":[{"prompt_index":0}]})",
         R"({"choices":[{"index":0,"text":""}]})"}) {
        EXPECT_FALSE(chat_says_something(text)) << text;
    }
}

}  // namespace
}  // namespace patchbay
