#include "config/scalar.hpp"

#include <gtest/gtest.h>

#include "config/suggest.hpp"

namespace patchbay {
namespace {

TEST(Scalar, is_typed_as_yaml_types_it) {
    using V = ScalarValue;
    const std::pair<const char*, V> cases[] = {
        {"", V()},
        {"~", V()},
        {"Null", V()},
        {"true", V(true)},
        {"YES", V(true)},
        {"On", V(true)},
        {"no", V(false)},
        {"off", V(false)},
        {"yEs", V(std::string("yEs"))},
        {"y", V(std::string("y"))},
        {"0", V(std::int64_t{0})},
        {"-12", V(std::int64_t{-12})},
        {"+7", V(std::int64_t{7})},
        {"0x1F", V(std::int64_t{31})},
        {"0o17", V(std::int64_t{15})},
        {"1_000", V(std::int64_t{1000})},
        {"18446744073709551615", V(std::uint64_t{18446744073709551615u})},
        {"100000000000000000000", V(1e20)},
        {"1.5", V(1.5)},
        {".5", V(0.5)},
        {"2.", V(2.0)},
        {"1e-6", V(1e-6)},
        {"-1E3", V(-1000.0)},
        {"1e999", V(std::string("1e999"))},
        {".inf", V(std::string(".inf"))},
        {".nan", V(std::string(".nan"))},
        {"inf", V(std::string("inf"))},
        {".", V(std::string("."))},
        {"-", V(std::string("-"))},
        {"+-1", V(std::string("+-1"))},
        {"0x", V(std::string("0x"))},
        {"0x-1", V(std::string("0x-1"))},
        {"1e", V(std::string("1e"))},
        {"2024-10-21", V(std::string("2024-10-21"))},
        {"1.2.3", V(std::string("1.2.3"))},
        {"10s", V(std::string("10s"))},
    };
    for (const auto& [text, expected] : cases) EXPECT_EQ(type_scalar(text), expected) << text;
}

TEST(Suggest, counts_edits_up_to_the_limit) {
    EXPECT_EQ(edit_distance("same", "same", 3), 0u);
    EXPECT_EQ(edit_distance("modle", "model", 3), 1u);
    EXPECT_EQ(edit_distance("kitten", "sitting", 5), 3u);
    EXPECT_EQ(edit_distance("kitten", "sitting", 1), 2u);
    EXPECT_EQ(edit_distance("", "ab", 5), 2u);
    EXPECT_EQ(edit_distance(std::string(200, 'a'), std::string(200, 'a'), 2), 3u);
}

TEST(Suggest, keeps_the_nearest_name_within_the_limit) {
    Nearest nearest("timout", 2);
    nearest.offer("stream_timeout");
    nearest.offer("timer");
    nearest.offer("timeout");
    EXPECT_EQ(nearest.found(), "timeout");
    Nearest none("zebra", 1);
    none.offer("timeout");
    EXPECT_EQ(none.found(), "");
}

}  // namespace
}  // namespace patchbay
