#include "engine/surface/hub/usage.hpp"

#include <patchbay/json_tree.hpp>

#include <gtest/gtest.h>

namespace patchbay::surface {
namespace {

// One set of rules: what a tree says is what its text says.
TEST(UsageOfATree, says_what_its_text_says) {
    for (const char* const text : {
             R"({})",
             R"({"prompt_tokens":3})",
             R"({"prompt_tokens":3,"completion_tokens":4})",
             R"({"prompt_tokens":3,"completion_tokens":4,"total_tokens":9})",
             R"({"input_tokens":3,"output_tokens":4})",
             R"({"input_tokens":3,"output_tokens":4,"prompt_tokens":0})",
             R"({"prompt_tokens":12.0,"completion_tokens":7.9})",
             R"({"prompt_tokens":-1,"completion_tokens":2})",
             R"({"prompt_tokens":"3","completion_tokens":null,"total_tokens":true})",
             R"({"prompt_tokens":1e3})",
             R"({"prompt_tokens":18446744073709551615})",
             R"({"prompt_tokens":18446744073709551616,"total_tokens":1})",
             R"({"prompt_tokens":9,"prompt_tokens_details":{"cached_tokens":4,"audio_tokens":1,
                 "image_tokens":2,"cache_write_tokens":3,"text_tokens":9}})",
             R"({"input_tokens":9,"input_tokens_details":{"cached_tokens":4},
                 "output_tokens":9,"output_tokens_details":{"reasoning_tokens":5,
                 "audio_tokens":1,"image_tokens":2}})",
             R"({"prompt_tokens":9,"cache_read_input_tokens":4,"cache_creation_input_tokens":2})",
             R"({"prompt_tokens":9,"cache_read_input_tokens":4,
                 "prompt_tokens_details":{"cached_tokens":5},"completion_tokens_details":null})",
         }) {
        const auto tree = json_tree::read(text);
        ASSERT_TRUE(tree) << text;
        EXPECT_EQ(usage_of(tree.value.if_object()), parse_usage(text)) << text;
    }
    EXPECT_EQ(usage_of(nullptr), std::nullopt);
}

TEST(UsageOfATree, counts_tokens_or_not) {
    for (const char* const text :
         {R"({"prompt_tokens":3})", R"({"output_tokens":"4"})", R"({"total_tokens":1})"}) {
        EXPECT_TRUE(counts_tokens(json_tree::read(text).value.get_object())) << text;
    }
    for (const char* const text :
         {R"({})", R"({"prompt_tokens":0,"completion_tokens":0,"total_tokens":0})",
          R"({"prompt_tokens":null})"}) {
        EXPECT_FALSE(counts_tokens(json_tree::read(text).value.get_object())) << text;
    }
}

}  // namespace
}  // namespace patchbay::surface
