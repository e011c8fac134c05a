#include "engine/meter/amount.hpp"

#include <cstdio>
#include <limits>

#include <gtest/gtest.h>

namespace patchbay::meter {
namespace {

std::string text(Int128 value, int places) {
    return std::string(DecimalText(value, places).view());
}

TEST(Amount, halves_are_rounded_to_the_even_number) {
    struct Row {
        int n, d, expected;
    };
    for (const Row& row : {Row{5, 10, 0}, Row{15, 10, 2}, Row{25, 10, 2}, Row{26, 10, 3},
                           Row{24, 10, 2}, Row{-15, 10, -2}, Row{-25, 10, -2}, Row{-26, 10, -3},
                           Row{0, 7, 0}, Row{7, 7, 1}, Row{10, 3, 3}, Row{11, 3, 4}}) {
        EXPECT_EQ(static_cast<int>(divided(row.n, row.d)), row.expected) << row.n << "/" << row.d;
    }
}

TEST(Amount, decimals_are_read_as_they_are_written) {
    struct Row {
        std::string_view text;
        int places;
        std::string_view expected;  // in units of 10^-places; empty = refused
        bool rounded;
    };
    for (const Row& row : {
             Row{"3e-06", 18, "3000000000000", false},
             Row{"5.0000000000000004e-08", 18, "50000000000", true},
             Row{"0.0000025", 18, "2500000000000", false},
             Row{"1E3", 0, "1000", false},
             Row{"1e+3", 0, "1000", false},
             Row{"32000.0", 0, "32000", false},
             Row{"0.5", 0, "0", true},
             Row{"1.5", 0, "2", true},
             Row{"2.5", 0, "2", true},
             Row{"-0.5", 1, "-5", false},
             Row{"0", 9, "0", false},
             Row{"0.00000000000000000000000000000000000000000009", 18, "0", true},
             Row{"1e-300", 18, "0", true},
             Row{"1e300", 0, "", false},
             Row{"1e13", 18, "", false},
             Row{"", 9, "", false},
             Row{"1.", 9, "", false},
             Row{".5", 9, "", false},
             Row{"1e", 9, "", false},
             Row{"1x", 9, "", false},
             Row{"--1", 9, "", false},
             Row{"nan", 9, "", false},
             Row{"1e999999999999", 9, "", false},
         }) {
        bool rounded = false;
        const auto read = read_decimal(row.text, row.places, &rounded);
        ASSERT_EQ(read.has_value(), !row.expected.empty()) << row.text;
        if (!read) continue;
        EXPECT_EQ(text(*read, 0), row.expected) << row.text;
        EXPECT_EQ(rounded, row.rounded) << row.text;
    }
}

TEST(Amount, is_shown_as_an_exact_decimal) {
    struct Row {
        Amount amount;
        std::string_view expected;
    };
    for (const Row& row :
         {Row{0, "0"}, Row{1, "0.000000001"}, Row{141'000, "0.000141"}, Row{kDollar, "1"},
          Row{1'500'000'000, "1.5"}, Row{-95'000, "-0.000095"}, Row{10, "0.00000001"},
          Row{99'999'999'999, "99.999999999"}, Row{100 * kDollar, "100"},
          Row{1'010'100'000, "1.0101"}, Row{9'223'372'036'854'775'807, "9223372036.854775807"}}) {
        EXPECT_EQ(dollars(row.amount).view(), row.expected);
    }
    for (std::uint64_t value = 1, i = 0; i < 2'000; ++i) {
        const Amount amount =
            static_cast<Amount>(value >> (i % 60) & std::numeric_limits<Amount>::max());
        char text[64];
        const int size = std::snprintf(text, sizeof text, "%lld.%09lld",
                                       static_cast<long long>(amount / kDollar),
                                       static_cast<long long>(amount % kDollar));
        std::string_view plain(text, static_cast<std::size_t>(size));
        while (plain.ends_with('0')) plain.remove_suffix(1);
        if (plain.ends_with('.')) plain.remove_suffix(1);
        EXPECT_EQ(dollars(amount).view(), plain);
        value = value * 6'364'136'223'846'793'005 + 1'442'695'040'888'963'407;
    }
    EXPECT_EQ(as_double(141'000), 0.000141);
    EXPECT_EQ(as_double(-1), -1e-9);
}

TEST(Amount, what_is_written_is_read_again) {
    Int128 value = 1;
    for (int i = 0; i < 29; ++i) {
        value = value * 10 + i % 10;
        const auto read = read_decimal(text(value, kAttoPlaces), kAttoPlaces);
        ASSERT_TRUE(read) << i;
        EXPECT_TRUE(*read == value) << i;
    }
}

}  // namespace
}  // namespace patchbay::meter
