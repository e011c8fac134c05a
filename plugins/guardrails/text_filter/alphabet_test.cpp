#include "alphabet.hpp"

#include <gtest/gtest.h>

namespace patchbay::text_filter {
namespace {

TEST(Alphabet, is_what_the_expression_can_match) {
    EXPECT_EQ(alphabet_of(R"(\b\d{3}-\d{2}\b)").count(), 11u);
    EXPECT_EQ(alphabet_of("[A-C]x?(?:y|z)+").count(), 6u);
    EXPECT_EQ(alphabet_of("(?i)ab").count(), 9u);
    EXPECT_TRUE(alphabet_of("a.b").all());
    EXPECT_TRUE(alphabet_of("[^a]").all());
    EXPECT_TRUE(alphabet_of(R"(\pL)").all());
    EXPECT_TRUE(alphabet_of("[[:alpha:]]").all());
    EXPECT_EQ(alphabet_of(R"([]a\]-])").count(), 3u);
    EXPECT_EQ(alphabet_of("a{2,3}b{").count(), 3u);
}

}  // namespace
}  // namespace patchbay::text_filter
