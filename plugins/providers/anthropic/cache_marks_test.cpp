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

TEST(CacheMarks, AreSetWhereTheOperatorWantsThem) {
    constexpr const char* kMessages =
        R"([{"role":"system","content":"s"},{"role":"user","content":[{"a":1},{"b":2}]},)"
        R"({"role":"user","content":"u","cache_control":{"type":"own"}}])";
    constexpr const char* kMark = R"("cache_control":{"type":"ephemeral"})";
    const struct {
        const char* points;
        const char* made;  ///< $: the mark
    } cases[] = {
        {R"([{"location":"message","role":"system"}])",
         R"([{"role":"system","content":"s",$},{"role":"user","content":[{"a":1},{"b":2}]},{"role":"user","content":"u","cache_control":{"type":"own"}}])"},
        {R"([{"location":"message","index":-2}])",
         R"([{"role":"system","content":"s"},{"role":"user","content":[{"a":1},{"b":2,$}]},{"role":"user","content":"u","cache_control":{"type":"own"}}])"},
        {R"([{"location":"message","role":"user"}])",
         R"([{"role":"system","content":"s"},{"role":"user","content":[{"a":1},{"b":2,$}]},{"role":"user","content":"u","cache_control":{"type":"own"}}])"},
        {R"([{"location":"message","index":3},{"location":"tool_config"},{"location":"message"},4])",
         kMessages},
    };
    for (const auto& one : cases) {
        json::object client;
        client["messages"] = *parse_json(kMessages);
        inject_cache_marks(parse_json(one.points)->as_array(), client);
        std::string made = one.made;
        if (const auto at = made.find('$'); at != std::string::npos) made.replace(at, 1, kMark);
        EXPECT_EQ(client["messages"], *parse_json(made)) << one.points;
    }
    json::object none;
    inject_cache_marks(parse_json(R"([{"location":"message","index":0}])")->as_array(), none);
    EXPECT_TRUE(none.empty());
}

}  // namespace
}  // namespace patchbay::anthropic
