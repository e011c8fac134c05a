#include "filter.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace patchbay::text_filter {
namespace {

Rule rule_of(const std::string& regex, Action action = Action::mask) {
    Rule rule;
    rule.name = regex;
    rule.action = action;
    rule.redaction = "#";
    rule.regex = std::make_shared<const re2::RE2>(regex);
    rule.alphabet = alphabet_of(regex);
    return rule;
}

std::string run(const Filter& filter, const std::string& text, char before = 0, bool more = false) {
    std::map<std::string, int> counts;
    const Filtered result = filter.run(text, before, more, counts);
    return result.text + (result.block ? " BLOCKED" : "") +
           (result.held ? " held " + std::to_string(result.held) : "");
}

TEST(TextFilter, the_byte_in_front_decides_where_a_word_begins) {
    const Filter filter({rule_of("\\b42\\b")});
    EXPECT_EQ(run(filter, "42"), "#");
    EXPECT_EQ(run(filter, "42", ' '), "#");
    EXPECT_EQ(run(filter, "42", '1'), "42");
}

TEST(TextFilter, the_end_is_held_while_text_may_follow) {
    const Filter filter({rule_of("\\b42\\b")});
    EXPECT_EQ(run(filter, "is 42", 0, true), "is  held 2");
    EXPECT_EQ(run(filter, "is 42 ", 0, true), "is # ");
    EXPECT_EQ(run(filter, "is 4x", 0, true), "is 4x");
}

TEST(TextFilter, the_leftmost_match_wins_then_the_first_rule) {
    const Filter filter({rule_of("bc"), rule_of("ab", Action::block)});
    EXPECT_EQ(run(filter, "xabc"), "x BLOCKED");
    EXPECT_EQ(run(filter, "xbcab"), "x# BLOCKED");
}

TEST(TextFilter, a_match_may_be_refused) {
    Rule rule = rule_of("[0-9]+");
    rule.accept = [](std::string_view match) { return match.size() == 2; };
    const Filter filter({rule});
    EXPECT_EQ(run(filter, "7 12 345"), "7 # 3#") << "from every place, the rest is tried";
}

TEST(TextFilter, what_is_too_long_for_a_match_does_not_cost_the_square_of_its_length) {
    Rule rule = rule_of("[a-z]+@[a-z]+");
    rule.max_length = 64;
    const Filter filter({rule});
    const std::string run_on(1u << 20, 'a');
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(run(filter, run_on + "@b and c@d"), run_on.substr(62) + "# and #");
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

TEST(TextFilter, a_prefix_may_be_kept) {
    Rule rule = rule_of("(pin: )[0-9]+");
    rule.keep_prefix = true;
    EXPECT_EQ(run(Filter({rule}), "my pin: 1234 and pin: 5"), "my pin: # and pin: #");
}

TEST(TextFilter, counts_by_rule) {
    const Filter filter({rule_of("a"), rule_of("b")});
    std::map<std::string, int> counts;
    filter.run("abba a", 0, false, counts);
    EXPECT_EQ(counts, (std::map<std::string, int>{{"a", 3}, {"b", 2}}));
}

}  // namespace
}  // namespace patchbay::text_filter
