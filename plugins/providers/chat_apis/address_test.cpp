// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "langgraph.hpp"
#include "nlp_cloud.hpp"

namespace patchbay::chat_apis {
namespace {

TEST(ChatApisAddress, ItMayBeGivenWhole) {
    EXPECT_EQ(langgraph_url("http://h.test:2024/", "", false), "http://h.test:2024/runs/wait");
    EXPECT_EQ(langgraph_url("http://h.test/runs/stream", "", true), "http://h.test/runs/stream");
    EXPECT_EQ(langgraph_url("http://h.test", "a/b", true),
              "http://h.test/threads/a%2Fb/runs/stream");
    constexpr const char* kWhole = "https://h.test/v1/gpu/a%2Fb/generation";
    EXPECT_EQ(nlp_cloud_url("https://h.test", "a/b"), kWhole);
    EXPECT_EQ(nlp_cloud_url("https://h.test/v1", "a/b"), kWhole);
    EXPECT_EQ(nlp_cloud_url("https://h.test/v1/gpu/", "a/b"), kWhole);
    EXPECT_EQ(nlp_cloud_url(kWhole, "a/b"), kWhole);
}

}  // namespace
}  // namespace patchbay::chat_apis
