#include "patchbay/sdk/retry_after.hpp"

#include <gtest/gtest.h>

namespace {

std::uint32_t after(std::string_view name, std::string_view value, std::int64_t now_ms = 0) {
    const bay_kv header{bay::str(name), bay::str(value)};
    return bay::retry_after_ms(&header, 1, now_ms);
}

TEST(RetryAfter, seconds_whole_and_fractional) {
    EXPECT_EQ(after("retry-after", "20"), 20'000u);
    EXPECT_EQ(after("retry-after", "1.5"), 1'500u);
}

TEST(RetryAfter, milliseconds_win) {
    const bay_kv headers[] = {{bay::str("retry-after"), bay::str("20")},
                              {bay::str("retry-after-ms"), bay::str("350")}};
    EXPECT_EQ(bay::retry_after_ms(headers, 2, 0), 350u);
    EXPECT_EQ(bay::retry_after_ms(nullptr, 0, 0), 0u);
}

TEST(RetryAfter, a_date_is_relative_to_the_clock) {
    EXPECT_EQ(after("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT", 784'111'767'000), 10'000u);
    EXPECT_EQ(after("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT", 784'111'800'000), 0u);
}

TEST(RetryAfter, nonsense_is_nothing_and_the_longest_is_an_hour) {
    for (const char* text : {"", "soon", "-5", "nan", "inf", "12x"}) {
        EXPECT_EQ(after("retry-after", text), 0u) << text;
    }
    EXPECT_EQ(after("retry-after", "999999999"), 3'600'000u);
}

TEST(HttpDate, is_read_in_its_preferred_form) {
    EXPECT_EQ(bay::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), 784'111'777);
    EXPECT_EQ(bay::parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT"), 0);
    EXPECT_EQ(bay::parse_http_date("Thu, 29 Feb 2024 12:00:00 GMT"), 1'709'208'000);
    EXPECT_EQ(bay::parse_http_date("Fri, 31 Dec 2100 23:59:59 GMT"), 4'133'980'799);
    for (const char* wrong : {"Sun, 31 Feb 1994 08:49:37 GMT", "Wed, 29 Feb 2023 12:00:00 GMT",
                              "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:61:37 GMT",
                              "Sun, 06 anF 1994 08:49:37 GMT", "Sun, 0a Nov 1994 08:49:37 GMT"}) {
        EXPECT_FALSE(bay::parse_http_date(wrong)) << wrong;
    }
}

}  // namespace
