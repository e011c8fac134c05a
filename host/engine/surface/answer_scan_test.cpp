#include "engine/surface/answer_scan.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace patchbay {
namespace {

std::string_view part(std::string_view text, TextRange range) {
    return text.substr(range.off, range.len);
}

TEST(ScanChatAnswer, finds_the_model_of_a_chunk) {
    constexpr std::string_view chunk =
        R"({"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-x-2024",)"
        R"("choices":[{"index":0,"delta":{"content":"\"}]{","model":"not this"},"finish_reason":null}],)"
        R"("usage":null})";
    const AnswerScan scan = scan_chat_answer(chunk);
    EXPECT_TRUE(scan.object);
    EXPECT_EQ(part(chunk, scan.model), "\"gpt-x-2024\"");
    EXPECT_FALSE(scan.usage);
    EXPECT_FALSE(scan.error);
    EXPECT_FALSE(scan.choices_empty);
}

TEST(ScanChatAnswer, finds_usage_and_empty_choices) {
    constexpr std::string_view chunk =
        " {\"usage\" : {\"prompt_tokens\":1,\"d\":{\"x\":[]}} , \"choices\":[ ], \"model\":\"m\"} ";
    const AnswerScan scan = scan_chat_answer(chunk);
    EXPECT_TRUE(scan.object);
    EXPECT_EQ(part(chunk, scan.usage), "{\"prompt_tokens\":1,\"d\":{\"x\":[]}}");
    EXPECT_TRUE(scan.choices_empty);
    EXPECT_EQ(part(chunk, scan.model), "\"m\"");
}

TEST(ScanChatAnswer, tells_errors_from_null) {
    EXPECT_TRUE(scan_chat_answer(R"({"error":{"message":"x"}})").error);
    EXPECT_TRUE(scan_chat_answer(R"({"error":"x"})").error);
    EXPECT_FALSE(scan_chat_answer(R"({"error":null})").error);
    EXPECT_FALSE(scan_chat_answer(R"({"a":{"error":"x"}})").error);
}

TEST(ScanChatAnswer, the_last_of_two_members_counts) {
    const AnswerScan scan = scan_chat_answer(
        R"({"usage":{"a":1},"model":"a","error":1,"choices":[],"usage":null,"model":7,"error":null,"choices":[1]})");
    EXPECT_EQ(scan, AnswerScan{.object = true});
}

TEST(ScanChatAnswer, gives_nothing_for_what_is_no_object) {
    for (const std::string_view text :
         {"", "[DONE]", "null", "[]", "\"model\"", R"({"model":"m")", R"({"model":"m"}})",
          R"({"error":1,)", R"({"choices":[)", "<html></html>"}) {
        EXPECT_EQ(scan_chat_answer(text), AnswerScan{}) << text;
    }
}

TEST(ScanChatAnswer, survives_every_prefix_and_changed_byte) {
    const std::string whole =
        R"({"model":"m\"","choices":[{"a":"\\","b":[1,{}]}],"error":null,"usage":{"x":"}"},"z":1.5})";
    ASSERT_TRUE(scan_chat_answer(whole).object);
    for (std::size_t i = 0; i < whole.size(); ++i) {
        const std::vector<char> prefix(whole.begin(),
                                       whole.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_EQ(scan_chat_answer({prefix.data(), prefix.size()}), AnswerScan{}) << i;
        for (int byte = 0; byte < 256; ++byte) {
            std::vector<char> changed(whole.begin(), whole.end());
            changed[i] = static_cast<char>(byte);
            const AnswerScan scan = scan_chat_answer({changed.data(), changed.size()});
            EXPECT_LE(scan.model.off + scan.model.len, changed.size());
            EXPECT_LE(scan.usage.off + scan.usage.len, changed.size());
        }
    }
}

}  // namespace
}  // namespace patchbay
