// SPDX-License-Identifier: Apache-2.0
#include "cache_marks.hpp"

#include "test_support.hpp"

namespace patchbay::anthropic {
namespace {

TEST(CacheMarks, OnlyTheLastFourAreSent) {
    std::string list = "[";
    for (const char* text : {"a", "b", "c", "d"}) {
        list += R"({"role":"user","content":")" + std::string(text) +
                R"(","cache_control":{"type":"ephemeral"}},)";
    }
    list.back() = ']';
    const auto body = translated(R"({"messages":)" + list + R"(,"tools":[{"type":"function",
        "function":{"name":"f"},"cache_control":{"type":"ephemeral"}}]})");
    EXPECT_TRUE(body.at("tools").at(0).as_object().contains("cache_control"));
    std::string marked;
    for (const auto& block : body.at("messages").at(0).at("content").as_array()) {
        if (!block.as_object().contains("cache_control")) continue;
        marked += block.at("text").as_string();
    }
    EXPECT_EQ(marked, "bcd");
}

}  // namespace
}  // namespace patchbay::anthropic
