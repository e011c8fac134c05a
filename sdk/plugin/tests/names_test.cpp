#include "patchbay/sdk/names.hpp"

#include <string>

#include <gtest/gtest.h>

namespace {

constexpr auto kNames =
    std::to_array<std::string_view>({"n", "top_k", "top_p", "model", "tools", "top_k", "user"});
constexpr bay::NameTable kTable(kNames);

TEST(NameTable, FindsEachNameAtItsPlace) {
    EXPECT_EQ(kTable.find("n"), 0u);
    EXPECT_EQ(kTable.find("top_p"), 2u);
    EXPECT_EQ(kTable.find("model"), 3u);
    EXPECT_EQ(kTable.find("tools"), 4u);
    EXPECT_EQ(kTable.find("user"), 6u);
    EXPECT_EQ(kTable.find("top_k"), 1u) << "the first of two";
}

TEST(NameTable, KnowsNoOther) {
    for (const std::string_view name :
         {"", "m", "top_x", "tap_k", "topk_", "mode", "models", "users"}) {
        EXPECT_FALSE(kTable.has(name)) << name;
    }
    EXPECT_FALSE(kTable.has(std::string(62, 'n')));
    EXPECT_FALSE(kTable.has(std::string(5000, 'n')));
    EXPECT_FALSE(kTable.has(std::string_view("n\0", 2)));
}

TEST(NameTable, HoldsNamesOfItsLongestLength) {
    static const std::string longest(62, 'x');
    const bay::NameTable table(std::array<std::string_view, 1>{longest});
    EXPECT_TRUE(table.has(longest));
    EXPECT_FALSE(table.has(longest + "x"));
    static const std::string longer(63, 'x');
    EXPECT_THROW(bay::NameTable(std::array<std::string_view, 1>{longer}), std::length_error);
}

TEST(NameTable, MayBeEmpty) {
    constexpr bay::NameTable kNone(std::array<std::string_view, 0>{});
    EXPECT_FALSE(kNone.has("n"));
}

}  // namespace
