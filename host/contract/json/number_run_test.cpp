#include "contract/json/number_run.hpp"

#include <random>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "contract/json/json_walk.hpp"

namespace patchbay {
namespace {

/// How many bytes of an array's inside are stepped over.
std::size_t skipped(const std::string& text) {
    const char* const at = skip_plain_numbers(text.data(), text.data() + text.size());
    return static_cast<std::size_t>(at - text.data());
}

std::string repeated(std::string_view piece, std::size_t size) {
    std::string text;
    while (text.size() < size) text += piece;
    return text;
}

/// Long enough for several blocks whatever comes in front of it.
std::string numbers() {
    return repeated("-0.0255,7,12.5,0,", 200);
}

#if defined(__SSE2__)
TEST(SkipPlainNumbers, steps_over_all_whole_blocks_to_their_last_comma) {
    for (const std::string_view piece :
         {"1,", "-1,", "0,", "-0,", "0.5,", "-0.000,", "10.01,", "123456789012345678901234567890,",
          "0.123456789012345678901234567890123456789012345678901234567890123456789,",
          "1,\n        ", "-2.5,\r\n\t", "3, "}) {
        const std::string text = repeated(piece, 1000);
        EXPECT_GT(skipped(text) + 64 + piece.size(), text.size()) << piece;
        EXPECT_EQ(text.rfind(',', skipped(text) - 1), skipped(text) - 1) << piece;
    }
}

TEST(SkipPlainNumbers, stops_at_the_comma_before_what_is_not_plain) {
    const std::string before = numbers();
    for (const std::string_view odd :
         {"01,",     "-01,",  "00,",    "--1,", "-,",   "1.,",    ".5,",      "1.2.3,",
          "1..2,",   "1-2,",  "1 2,",   "1 ,",  "- 1,", ",",      "+1,",      "1e5,",
          "1.5E-7,", "null,", "\"1\",", "[1],", "1],",  "1\x01,", "\xC3\xBC,"}) {
        for (std::size_t shift = 0; shift < 70; ++shift) {
            const std::string front = std::string(shift, ' ') + before;
            EXPECT_EQ(skipped(front + std::string(odd) + numbers()), front.size())
                << odd << " at " << front.size();
        }
    }
}

TEST(SkipPlainNumbers, keeps_the_rules_of_a_number_across_blocks) {
    for (std::size_t digits = 1; digits < 200; ++digits) {
        const std::string fraction = "5,1." + std::string(digits, '3');
        EXPECT_EQ(skipped(fraction + "." + numbers()), 2u) << digits;
        EXPECT_GT(skipped(fraction + "," + numbers()), fraction.size()) << digits;
    }
    // A fraction goes on past the first block, and another one past the second.
    const std::string front = std::string(58, ' ') + "5,1.33";
    const std::string behind = std::string(57, ' ') + "1.33333," + numbers();
    EXPECT_EQ(skipped(front + ".2," + behind), 60u);
    EXPECT_GT(skipped(front + "22," + behind), 128u);
}
#endif

TEST(SkipPlainNumbers, leaves_short_texts_alone) {
    for (std::size_t size = 0; size < 64; ++size) {
        EXPECT_EQ(skipped(numbers().substr(0, size)), 0u) << size;
    }
}

// Element by element a reader has no array to be fast in.
bool one_by_one(JsonReader& reader) {
    return walk_array(reader, [&] { return reader.take_value(); });
}

TEST(SkipPlainNumbers, changes_no_verdict_and_no_place_in_arrays_with_changed_bytes) {
    constexpr std::string_view kBytes = "0123456789-.,,..eE+ \n]}{\"x\xC3";
    const std::string whole = "[" + numbers() + "1e-05," + numbers() + "1]";
    std::mt19937 random(1536);
    int valid = 0;
    constexpr int kRounds = 50000;
    for (int round = 0; round < kRounds; ++round) {
        std::string text = whole;
        for (std::size_t n = 1 + random() % 3; n > 0; --n) {
            const std::size_t at = 1 + random() % (text.size() - 1);  // it stays an array
            const char byte = kBytes[random() % kBytes.size()];
            if (random() % 2 == 0) {
                text[at] = byte;
            } else {
                text.insert(at, 1, byte);
            }
        }
        JsonReader fast(text);
        JsonReader slow(text);
        const bool accepted = fast.take_value();
        valid += accepted ? 1 : 0;
        ASSERT_EQ(accepted, one_by_one(slow)) << text;
        ASSERT_EQ(fast.at(), slow.at()) << text;
    }
    EXPECT_GT(valid, kRounds / 10);
    EXPECT_LT(valid, kRounds - kRounds / 10);
}

}  // namespace
}  // namespace patchbay
