#include "target.hpp"

#include <gtest/gtest.h>

namespace patchbay::huggingface {
namespace {

struct Case {
    const char* address;
    const char* model;
    const char* chat;
    const char* name;
    const char* embeddings;
};

TEST(Target, TheRouterAndEndpoints) {
    constexpr Case kCases[] = {
        {"https://router.huggingface.co", "together/a/b",
         "https://router.huggingface.co/v1/chat/completions", "a/b:together",
         "https://router.huggingface.co/together/models/a/b/pipeline/feature-extraction"},
        {"https://router.huggingface.co/v1/", "a/b",
         "https://router.huggingface.co/v1/chat/completions", "a/b",
         "https://router.huggingface.co/hf-inference/models/a/b/pipeline/feature-extraction"},
        {"https://abc.test/", "together/a/b", "https://abc.test/v1/chat/completions",
         "together/a/b", "https://abc.test"},
        {"https://abc.test/v1/chat/completions", "tgi", "https://abc.test/v1/chat/completions",
         "tgi", "https://abc.test/v1/chat/completions"},
    };
    for (const Case& one : kCases) {
        EXPECT_EQ(chat_address(one.address), one.chat);
        EXPECT_EQ(model_name(one.model, is_router(one.address)), one.name);
        EXPECT_EQ(embeddings_url(one.address, one.model), one.embeddings);
    }
    EXPECT_EQ(rerank_url("https://abc.test/rerank/"), "https://abc.test/rerank");
    EXPECT_EQ(rerank_url("https://abc.test"), "https://abc.test/rerank");
}

}  // namespace
}  // namespace patchbay::huggingface
