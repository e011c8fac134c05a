#include "contract/shape/token_count.hpp"

#include <gtest/gtest.h>

#include "contract/shape/count_table.hpp"
#include "contract/shape/message_facts.hpp"

namespace patchbay {
namespace {

TEST(TokenCount, reads_whole_numbers_fractions_and_their_texts) {
    EXPECT_EQ(token_count("0"), 0u);
    EXPECT_EQ(token_count("12"), 12u);
    EXPECT_EQ(token_count("12.0"), 12u);
    EXPECT_EQ(token_count("12.75"), 12u);
    EXPECT_EQ(token_count(R"("12")"), 12u);
    EXPECT_EQ(token_count(R"("12.0")"), 12u);
    EXPECT_EQ(token_count("18446744073709551615"), 18446744073709551615u);
}

TEST(TokenCount, anything_else_is_no_count) {
    for (const char* json :
         {"", "\"", "\"\"", "null", "true", "-1", "\"-1\"", "1e3", "1.5e3", "12.", "\"12 tokens\"",
          "\" 12\"", "\"\\u0031\"", "[12]", "{}", "18446744073709551616", "\"12", "12\""}) {
        EXPECT_EQ(token_count(json), std::nullopt) << json;
    }
}

TEST(TokenCount, is_how_every_api_counts) {
    static constexpr CountRow kRows[] = {{"in", &Usage::prompt}, {"out", &Usage::completion}};
    Usage table;
    EXPECT_TRUE(read_counts(R"({"in":"7","out":3.0})", kRows, table));
    EXPECT_EQ(table, (Usage{.prompt = 7, .completion = 3, .total = 10}));
    Usage message;
    EXPECT_TRUE(read_message_usage(R"({"input_tokens":"7","output_tokens":3.0})", message));
    EXPECT_EQ(message, (Usage{.prompt = 7, .completion = 3, .total = 10}));
}

}  // namespace
}  // namespace patchbay
