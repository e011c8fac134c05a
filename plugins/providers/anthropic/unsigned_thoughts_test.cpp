// SPDX-License-Identifier: Apache-2.0
#include "unsigned_thoughts.hpp"

#include "test_support.hpp"

namespace patchbay::anthropic {
namespace {

struct Taken {
    json::value messages;
    bool open = false;
};

Taken taken(std::string_view text) {
    Taken result{json::parse(text)};
    result.open = take_unsigned(result.messages);
    return result;
}

TEST(UnsignedThoughts, AreTakenOutAndSignedOnesStay) {
    const auto result = taken(R"([{"role":"user","content":"a"},
        {"role":"assistant","content":[{"type":"thinking","thinking":"x","signature":""},
          {"type":"thinking","thinking":"y","signature":"S"},{"type":"redacted_thinking","data":"D"},
          {"type":"text","text":"b"}]},
        {"role":"user","content":"c"},
        {"role":"assistant","content":[{"type":"thinking","thinking":"z","signature":""}]},
        {"role":"user","content":[{"type":"text","text":"d"}]}])");
    EXPECT_JSON(result.messages, R"([{"role":"user","content":"a"},
        {"role":"assistant","content":[{"type":"thinking","thinking":"y","signature":"S"},
          {"type":"redacted_thinking","data":"D"},{"type":"text","text":"b"}]},
        {"role":"user","content":"c"},{"role":"user","content":[{"type":"text","text":"d"}]}])");
    EXPECT_FALSE(result.open);
}

TEST(UnsignedThoughts, OfTheTurnWhoseCallsWereAnsweredAreTold) {
    constexpr const char* kCall = R"([{"role":"user","content":"a"},
        {"role":"assistant","content":[{"type":"thinking","thinking":"x","signature":""},
          {"type":"tool_use","id":"t","name":"f","input":{}}]},
        {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"r"}]})";
    EXPECT_TRUE(taken(std::string(kCall) + "]").open);
    EXPECT_FALSE(taken(std::string(kCall) + R"(,{"role":"assistant","content":"b"},
        {"role":"user","content":"c"}])")
                     .open);
    EXPECT_TRUE(thinks_by_budget(R"({"type":"enabled","budget_tokens":1024})"));
    EXPECT_FALSE(thinks_by_budget(R"({"type":"adaptive"})"));
    EXPECT_FALSE(thinks_by_budget(""));
}

TEST(UnsignedThoughts, AreLookedForBeforeAnythingIsRead) {
    EXPECT_TRUE(may_have_unsigned(R"({"signature":""})"));
    EXPECT_TRUE(may_have_unsigned(R"({"signature": ""})"));
    EXPECT_FALSE(may_have_unsigned(R"({"signature":"S"})"));
}

}  // namespace
}  // namespace patchbay::anthropic
