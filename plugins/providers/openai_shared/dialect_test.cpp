#include "dialect.hpp"

#include <gtest/gtest.h>

#include "families.hpp"
#include "upstream.hpp"

namespace patchbay::openai {
namespace {

TEST(Params, EveryNameIsFoundAgain) {
    for (std::size_t i = 0; i < kParamCount; ++i) {
        const auto param = static_cast<Param>(i);
        EXPECT_EQ(find_param(param_name(param)), param);
    }
    EXPECT_EQ(find_param("top_a"), Param::unknown);
    EXPECT_EQ(find_param(""), Param::unknown);
}

TEST(Family, ByModelName) {
    EXPECT_EQ(family_of("gpt-4o"), Family::chat);
    EXPECT_EQ(family_of("o1"), Family::o_series);
    EXPECT_EQ(family_of("o3-mini"), Family::o_series);
    EXPECT_EQ(family_of("ft:o4-mini-2025-04-16:org"), Family::o_series);
    EXPECT_EQ(family_of("org/o1-preview"), Family::o_series);
    EXPECT_EQ(family_of("o_series/mine"), Family::o_series);
    EXPECT_EQ(family_of("gpt5_series/mine"), Family::gpt5);
    EXPECT_EQ(family_of("o1x"), Family::chat);
    EXPECT_EQ(family_of("olmo-2"), Family::chat);
    EXPECT_EQ(family_of("gpt-5"), Family::gpt5);
    EXPECT_EQ(family_of("gpt-5-mini-2025-08-07"), Family::gpt5);
    EXPECT_EQ(family_of("gpt-5-chat-latest"), Family::chat);
    EXPECT_EQ(family_of("gpt-5-search-api"), Family::chat);
    EXPECT_EQ(family_of("gpt-5.1"), Family::gpt5_1);
    EXPECT_EQ(family_of("gpt-5.2-codex"), Family::gpt5_1);
    EXPECT_EQ(family_of("gpt-5.1-chat-latest"), Family::chat);
}

TEST(Family, ModelsThatWriteTheirThoughts) {
    for (const char* model : {"deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", "qwq:32b", "Qwen3-8B"}) {
        EXPECT_TRUE(thinks_in_tags(model)) << model;
    }
    for (const char* model :
         {"", "gpt-4o", "o3-mini", "gpt-5.1", "qwen2.5", "deepseek-chat", "qw"}) {
        EXPECT_FALSE(thinks_in_tags(model)) << model;
    }
}

TEST(Glob, StarsAtTheEnds) {
    EXPECT_TRUE(glob_match("grok-4*", "grok-4-fast"));
    EXPECT_FALSE(glob_match("grok-4*", "grok-3"));
    EXPECT_TRUE(glob_match("*-mini", "x-mini"));
    EXPECT_TRUE(glob_match("*vision*", "a-vision-b"));
    EXPECT_TRUE(glob_match("*", ""));
    EXPECT_TRUE(glob_match("a", "a"));
    EXPECT_FALSE(glob_match("a", "ab"));
}

TEST(SupportedParams, FirstMatchingModelRuleAlone) {
    Dialect dialect;
    dialect.models.push_back(
        {.match = {"a*"}, .also = {Param::thinking}, .unsupported = {Param::stop}});
    dialect.models.push_back({.match = {"ab"}, .unsupported = {Param::tools}});
    const ParamSet set = supported_params(dialect, "ab");
    EXPECT_TRUE(set.has(Param::thinking));
    EXPECT_FALSE(set.has(Param::stop));
    EXPECT_TRUE(set.has(Param::tools));
}

TEST(OperationUrl, AppendsThePathOnce) {
    EXPECT_EQ(operation_url("https://x/v1", "/chat/completions"), "https://x/v1/chat/completions");
    EXPECT_EQ(operation_url("https://x/v1/", "/chat/completions"), "https://x/v1/chat/completions");
    EXPECT_EQ(operation_url("https://x/v1/chat/completions", "/chat/completions"),
              "https://x/v1/chat/completions");
    EXPECT_EQ(operation_url("https://x/v1?a=b", "/chat/completions"),
              "https://x/v1/chat/completions?a=b");
    EXPECT_EQ(operation_url("", "/chat/completions"), "");
    EXPECT_EQ(operation_url("https://x/v1", "/v1/chat/completions"),
              "https://x/v1/chat/completions");
    EXPECT_EQ(operation_url("https://x/v2", "/v1/chat/completions"),
              "https://x/v2/v1/chat/completions");
    EXPECT_EQ(operation_url("https://x/chat/completions", "/v1/chat/completions"),
              "https://x/chat/completions");
}

TEST(OperationUrl, OtherOperationsStandBesideChat) {
    EXPECT_EQ(operation_url("https://x/v1", "/embeddings"), "https://x/v1/embeddings");
    EXPECT_EQ(operation_url("https://x/v1/embeddings/", "/embeddings"), "https://x/v1/embeddings");
    EXPECT_EQ(operation_url("https://x/v1/chat/completions?a=b", "/embeddings"),
              "https://x/v1/embeddings?a=b");
    EXPECT_EQ(operation_url("https://x/v1/chat/completions", "/completions"),
              "https://x/v1/completions");
}

}  // namespace
}  // namespace patchbay::openai
