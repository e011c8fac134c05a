#include "engine/call/call_uuid.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

TEST(CallUuid, tells_its_version_and_begins_with_its_time) {
    std::mt19937_64 random(1);
    const std::string text = text_of(call_uuid(random, 1'795'780'800'123'250));
    ASSERT_EQ(text.size(), 36u);
    EXPECT_EQ(text.substr(0, 19), "01a21ce0-6e7b-7400-")
        << text;  // 1,795,780,800,123 ms and a quarter
    EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos) << text;
    EXPECT_EQ(text[23], '-');
}

TEST(CallUuid, later_ones_are_greater_and_no_two_are_the_same) {
    std::mt19937_64 random(1);
    std::string last;
    for (std::int64_t us = 1'795'780'800'000'000; us < 1'795'780'800'010'000; us += 5) {
        std::string next = text_of(call_uuid(random, us));
        EXPECT_LT(last, next);
        last = std::move(next);
    }
    EXPECT_NE(call_uuid(random, 1), call_uuid(random, 1));
}

}  // namespace
}  // namespace patchbay
