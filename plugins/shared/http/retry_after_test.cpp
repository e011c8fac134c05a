#include "retry_after.hpp"

#include <array>

#include <gtest/gtest.h>

namespace patchbay::shared {
namespace {

std::uint32_t after(std::string_view name, std::string_view value, std::int64_t now_ms = 0) {
    const std::array<bay_kv, 1> headers{
        {{{name.data(), name.size()}, {value.data(), value.size()}}}};
    return retry_after_ms(headers, now_ms);
}

TEST(RetryAfter, SecondsWholeAndFractional) {
    EXPECT_EQ(after("retry-after", "20"), 20'000u);
    EXPECT_EQ(after("retry-after", "1.5"), 1'500u);
}

TEST(RetryAfter, MillisecondsWin) {
    const std::array<bay_kv, 2> headers{
        {{{"retry-after", 11}, {"20", 2}}, {{"retry-after-ms", 14}, {"350", 3}}}};
    EXPECT_EQ(retry_after_ms(headers, 0), 350u);
}

TEST(RetryAfter, DateIsRelativeToTheClock) {
    EXPECT_EQ(after("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT", 784'111'767'000), 10'000u);
    EXPECT_EQ(after("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT", 784'111'800'000), 0u);
}

TEST(RetryAfter, NonsenseIsNothing) {
    for (const char* text : {"", "soon", "-5", "nan", "inf", "12x"}) {
        EXPECT_EQ(after("retry-after", text), 0u) << text;
    }
    EXPECT_EQ(after("retry-after", "999999999"), 3'600'000u);
}

TEST(HttpDate, TheExampleOfRfc9110) {
    EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), 784'111'777);
    EXPECT_FALSE(parse_http_date("Sun, 31 Feb 1994 08:49:37 GMT"));
    EXPECT_FALSE(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"));
    EXPECT_FALSE(parse_http_date("Sun, 06 Nov 1994 08:61:37 GMT"));
}

}  // namespace
}  // namespace patchbay::shared
