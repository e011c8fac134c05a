#include "call_ends.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace patchbay::openai {
namespace {

std::string reason(CallEnds& ends, std::string_view choice) {
    auto value = boost::json::parse(choice);
    const std::string before = boost::json::serialize(value);
    const bool changed = ends.mend(value.as_object());
    EXPECT_EQ(changed, before != boost::json::serialize(value));
    const auto* found = value.as_object().if_contains("finish_reason");
    return found ? boost::json::serialize(*found) : "";
}

std::string reason(std::string_view choice) {
    CallEnds ends;
    return reason(ends, choice);
}

TEST(CallEnds, AWholeAnswerThatCallsEndsWithIt) {
    EXPECT_EQ(reason(R"({"index":0,"message":{"tool_calls":[{"id":"a"}]},"finish_reason":"stop"})"),
              R"("tool_calls")");
    EXPECT_EQ(reason(R"({"message":{"tool_calls":[{}]},"finish_reason":"length"})"), R"("length")");
    EXPECT_EQ(reason(R"({"message":{"tool_calls":[]},"finish_reason":"stop"})"), R"("stop")");
    EXPECT_EQ(reason(R"({"message":{"tool_calls":null},"finish_reason":"stop"})"), R"("stop")");
    EXPECT_EQ(reason(R"({"message":{"content":"a"},"finish_reason":"stop"})"), R"("stop")");
    EXPECT_EQ(reason(R"({"finish_reason":"stop"})"), R"("stop")");
    EXPECT_EQ(reason(R"({"message":{"tool_calls":[{}]}})"), "");
}

TEST(CallEnds, ChoicesOfAStreamAreKeptApart) {
    CallEnds ends;
    EXPECT_EQ(reason(ends, R"({"index":1,"delta":{"tool_calls":[{}]},"finish_reason":null})"),
              "null");
    EXPECT_EQ(reason(ends, R"({"index":0,"delta":{},"finish_reason":"stop"})"), R"("stop")");
    EXPECT_EQ(reason(ends, R"({"index":1,"delta":{},"finish_reason":"stop"})"), R"("tool_calls")");
    EXPECT_EQ(reason(ends, R"({"index":2,"delta":{"tool_calls":[{}]},"finish_reason":"stop"})"),
              R"("tool_calls")");
}

}  // namespace
}  // namespace patchbay::openai
