#include "engine/world/wildcard.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

std::string serve(std::string_view pattern, std::string_view model, std::string_view requested) {
    const auto captures = match_wildcard(pattern, requested);
    return captures ? fill_wildcard(model, *captures, requested) : "no match";
}

TEST(Wildcard, puts_what_the_star_matched_into_the_deployments_model) {
    EXPECT_EQ(serve("openai/*", "openai/*", "openai/gpt-4o"), "openai/gpt-4o");
    EXPECT_EQ(serve("*", "openai/*", "gpt-4o"), "openai/gpt-4o");
    EXPECT_EQ(serve("team-*-chat", "groq/*", "team-llama-chat"), "groq/llama");
    EXPECT_EQ(serve("*/a-*", "x/*/*", "p/a-b"), "x/p/b");
    EXPECT_EQ(serve("openai/*", "openai/gpt-4o", "openai/anything"), "openai/gpt-4o");
    EXPECT_EQ(serve("*-*", "openai/*", "a-b"), "a-b");
    EXPECT_EQ(serve("openai/*", "openai/*", "openai/"), "openai/");
}

TEST(Wildcard, covers_the_whole_name) {
    EXPECT_EQ(serve("openai/*", "m", "groq/llama"), "no match");
    EXPECT_EQ(serve("a*c", "m", "abcd"), "no match");
    EXPECT_EQ(serve("ab*b", "m", "ab"), "no match");
    EXPECT_EQ(serve("", "m", "x"), "no match");
}

TEST(Wildcard, each_star_but_the_last_takes_as_much_as_it_can) {
    using Captures = std::vector<std::string_view>;
    EXPECT_EQ(match_wildcard("*-*", "a-b-c"), (Captures{"a-b", "c"}));
    EXPECT_EQ(match_wildcard("*-*-*", "a-b-c-d"), (Captures{"a-b", "c", "d"}));
    EXPECT_EQ(match_wildcard("**", "ab"), (Captures{"ab", ""}));
    EXPECT_EQ(match_wildcard("*aa*a", "aaaa"), (Captures{"a", ""}));
    EXPECT_EQ(match_wildcard("x*ab*ab*", "xabab"), (Captures{"", "", ""}));
    EXPECT_EQ(match_wildcard("*ab*ba*", "aba"), std::nullopt) << "no letter counts twice";
}

TEST(Wildcard, a_long_name_costs_no_more_than_its_length) {
    std::string pattern;
    for (int i = 0; i < 30; ++i) pattern += "*a";
    const std::string name(200'000, 'a');
    EXPECT_EQ(match_wildcard(pattern + "*b", name), std::nullopt);
    const auto captures = match_wildcard(pattern, name);
    ASSERT_TRUE(captures);
    EXPECT_EQ(captures->size(), 30u);
    EXPECT_EQ(captures->front().size(), name.size() - 30);
}

TEST(Wildcard, the_longer_pattern_is_the_more_specific) {
    EXPECT_TRUE(more_specific("openai/gpt-*", "openai/*"));
    EXPECT_TRUE(more_specific("openai/*", "*"));
    EXPECT_FALSE(more_specific("*", "openai/*"));
    EXPECT_TRUE(more_specific("ab*", "a**"));
}

TEST(Wildcard, a_name_without_a_provider_matches_the_patterns_of_its_own) {
    const auto of = [](std::string_view provider, std::string_view pattern, std::string_view name) {
        return match_wildcard_of(provider, pattern, name);
    };
    EXPECT_EQ(of("openai", "openai/*", "gpt-4o"), (std::vector<std::string_view>{"gpt-4o"}));
    EXPECT_EQ(of("openai", "openai/gpt-*", "gpt-4o"), (std::vector<std::string_view>{"4o"}));
    EXPECT_EQ(of("openai", "openai/o*", "gpt-4o"), std::nullopt);
    EXPECT_EQ(of("openai", "anthropic/*", "gpt-4o"), std::nullopt);
    EXPECT_EQ(of("openai", "openai*", "gpt-4o"), std::nullopt);
    EXPECT_EQ(of("", "/*", "gpt-4o"), std::nullopt);
}

}  // namespace
}  // namespace patchbay
