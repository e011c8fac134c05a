#include "mask.hpp"

#include <gtest/gtest.h>

namespace patchbay::service {
namespace {

std::string in_brackets(const Span& span, std::string_view original) {
    return "[" + span.kind + " " + std::to_string(original.size()) + "]";
}

TEST(Mask, replaces_what_was_found_and_keeps_the_rest) {
    const Masked masked = mask("to Ada and Bob.", 0, false,
                               {{11, 14, "B"}, {3, 6, "A"}, {12, 14, "C", 0.1}}, in_brackets);
    EXPECT_EQ(masked.text, "to [A 3] and [B 3].");
    EXPECT_TRUE(masked.changed);
    EXPECT_EQ(masked.held, 0u);
}

TEST(Mask, what_went_out_is_only_context) {
    const Masked masked =
        mask("ada@example.org, ok", 4, false, {{0, 15, "MAIL"}, {0, 3, "NAME", 0.5}}, in_brackets);
    EXPECT_EQ(masked.text, "[MAIL 11], ok");
    EXPECT_FALSE(mask("Ada, ok", 4, false, {{0, 3, "NAME"}}, in_brackets).changed);
}

TEST(Mask, the_last_words_of_a_window_are_held) {
    const std::string text = "Ada wrote " + std::string(50, 'x') + " to bob at the example";
    const Masked masked = mask(text, 0, true, {{0, 3, "NAME"}}, in_brackets);
    EXPECT_EQ(masked.text, "[NAME 3] wrote ");
    EXPECT_EQ(masked.held, text.size() - 10);
    EXPECT_EQ(mask("short", 0, true, {}, in_brackets).held, 5u);
}

TEST(Mask, a_window_is_not_cut_inside_of_a_span) {
    const std::string text = "see Ada Maria Lovelace " + std::string(60, 'x');
    const Masked masked = mask(text, 0, true, {{4, 22, "NAME"}}, in_brackets);
    EXPECT_EQ(masked.text, "see ");
    EXPECT_EQ(masked.held, text.size() - 4);
}

TEST(Mask, a_text_without_blanks_is_not_held_for_ever) {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += "\xE2\x82\xAC";
    const Masked masked = mask(text, 0, true, {}, in_brackets);
    EXPECT_EQ(masked.held, 1026u) << "kLongest, and then to the beginning of the character";
    EXPECT_EQ(masked.text.size(), text.size() - 1026);
}

}  // namespace
}  // namespace patchbay::service
