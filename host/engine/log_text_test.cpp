#include "engine/log_text.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace patchbay {
namespace {

TEST(LogText, what_is_printable_stays_as_it_is) {
    for (const char* text :
         {"", "POST /v1/chat/completions", "GPT-4 \"x\" \\ ~", "模型-ü-é-🙂"}) {
        EXPECT_EQ(log_text(text), text);
    }
}

TEST(LogText, nothing_can_end_a_line_or_steer_a_terminal) {
    EXPECT_EQ(log_text("a\nb\r\tc"), "a\\nb\\r\\tc");
    EXPECT_EQ(log_text("\x1b[31mred\x07\x7f"), "\\x1b[31mred\\x07\\x7f");
    EXPECT_EQ(log_text(std::string_view("\0", 1)), "\\x00");
    EXPECT_EQ(log_text("\xc2\x9b"), "\\u{009b}") << "CSI of C1";
    EXPECT_EQ(log_text("\u2028\u202e\u2066\ufeff"), "\\u{2028}\\u{202e}\\u{2066}\\u{feff}");
}

TEST(LogText, bytes_that_are_no_text_are_shown_as_bytes) {
    EXPECT_EQ(log_text("a\xff\xc3"), "a\\xff\\xc3");
    EXPECT_EQ(log_text("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a lone surrogate";
    EXPECT_EQ(log_text("\xe2\x80"), "\\xe2\\x80");
}

TEST(LogText, a_long_text_is_cut) {
    EXPECT_EQ(log_text("abcdef", 3), "abc...");
    EXPECT_EQ(log_text("abc", 3), "abc");
    EXPECT_EQ(log_text("ab\u00e9", 3), "ab\\xc3...");
}

TEST(LogText, as_json_it_is_one_string) {
    const std::string text = "say \"hi\" \\ \n \x1b \u202e \xff";
    std::string out = "x";
    append_log_json(out, text);
    EXPECT_EQ(boost::json::parse(out.substr(1)).as_string(), log_text(text));
}

}  // namespace
}  // namespace patchbay
