#include "contract/shape/usage.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

TEST(ParseUsage, reads_every_count) {
    const auto usage = parse_usage(
        R"({"prompt_tokens":100,"completion_tokens":20,"total_tokens":121,)"
        R"("prompt_tokens_details":{"cached_tokens":64,"cache_creation_tokens":8,"audio_tokens":3},)"
        R"("completion_tokens_details":{"reasoning_tokens":7,"audio_tokens":2,"accepted_prediction_tokens":9}})");
    ASSERT_TRUE(usage);
    EXPECT_EQ(*usage, (Usage{.prompt = 100,
                             .completion = 20,
                             .total = 121,
                             .cached = 64,
                             .cache_creation = 8,
                             .reasoning = 7,
                             .audio_prompt = 3,
                             .audio_completion = 2}));
}

TEST(ParseUsage, takes_missing_null_and_wrong_types_as_zero) {
    const Usage expected{.prompt = 5, .completion = 2, .total = 7};
    EXPECT_EQ(parse_usage(R"({"prompt_tokens":5,"completion_tokens":2})"), expected);
    EXPECT_EQ(
        parse_usage(R"( { "prompt_tokens" : 5.0, "completion_tokens" : 2, "total_tokens":null,)"
                    R"("prompt_tokens_details":null,"completion_tokens_details":{}} )"),
        expected);
    EXPECT_EQ(parse_usage(R"({"prompt_tokens":5,"completion_tokens":2,)"
                          R"("prompt_tokens_details":{"cached_tokens":null,"audio_tokens":"x"},)"
                          R"("completion_tokens_details":[1],"cost":0.1,"x":{"prompt_tokens":9}})"),
              expected);
    EXPECT_EQ(parse_usage(R"({"prompt_tokens":-5,"completion_tokens":2})"),
              (Usage{.completion = 2, .total = 2}));
    EXPECT_EQ(parse_usage(R"({"completion_tokens":99999999999999999999999,"prompt_tokens":1})"),
              (Usage{.prompt = 1, .total = 1}));
    EXPECT_EQ(parse_usage(R"({"total_tokens":9})"), (Usage{.total = 9}));
}

TEST(ParseUsage, reads_cache_counts_beside_the_details) {
    EXPECT_EQ(parse_usage(R"({"prompt_tokens":9,"completion_tokens":1,"total_tokens":10,)"
                          R"("cache_read_input_tokens":4,"cache_creation_input_tokens":3})"),
              (Usage{.prompt = 9, .completion = 1, .total = 10, .cached = 4, .cache_creation = 3}));
    EXPECT_EQ(parse_usage(R"({"prompt_tokens":9,"cache_read_input_tokens":4,)"
                          R"("prompt_tokens_details":{"cached_tokens":5}})"),
              (Usage{.prompt = 9, .total = 9, .cached = 5}));
}

TEST(ParseUsage, reads_deepseeks_count_of_what_was_cached_where_the_details_tell_none) {
    EXPECT_EQ(parse_usage(R"({"prompt_tokens":9,"completion_tokens":1,"prompt_cache_hit_tokens":6,)"
                          R"("prompt_cache_miss_tokens":3})"),
              (Usage{.prompt = 9, .completion = 1, .total = 10, .cached = 6}));
    EXPECT_EQ(parse_usage(R"({"prompt_tokens":9,"prompt_cache_hit_tokens":6,)"
                          R"("prompt_tokens_details":{"cached_tokens":5}})"),
              (Usage{.prompt = 9, .total = 9, .cached = 5}));
}

TEST(ParseUsage, reads_the_newer_words_where_the_older_ones_are_missing) {
    EXPECT_EQ(parse_usage(R"({"input_tokens":9,"output_tokens":3,"total_tokens":12,)"
                          R"("input_tokens_details":{"cached_tokens":4,"cache_write_tokens":2,)"
                          R"("image_tokens":1},"output_tokens_details":{"image_tokens":3}})"),
              (Usage{.prompt = 9,
                     .completion = 3,
                     .total = 12,
                     .cached = 4,
                     .cache_creation = 2,
                     .image_prompt = 1,
                     .image_completion = 3}));
    EXPECT_EQ(parse_usage(R"({"input_tokens":1,"prompt_tokens":9,"output_tokens":3})"),
              (Usage{.prompt = 9, .completion = 3, .total = 12}));
}

TEST(ParseUsage, refuses_what_tells_nothing) {
    for (const std::string_view text :
         {"", "null", "{}", "[]", "7", R"({"prompt_tokens":null})", R"({"prompt_tokens":"five"})",
          R"({"prompt_tokens":5)", R"({"input_tokens":"five"})", R"({"prompt_tokens":5e3})"}) {
        EXPECT_FALSE(parse_usage(text)) << text;
    }
}

}  // namespace
}  // namespace patchbay
