#include "engine/lanes/homes.hpp"

#include <map>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "engine/lanes/ring.hpp"

namespace patchbay {
namespace {

using Found = std::map<std::uint32_t, std::uint32_t>;  // lane -> age

class HomesTest : public testing::Test {
  protected:
    Found find(std::uint64_t wanted, std::uint32_t second) const {
        Found found;
        homes->find(wanted, second, [&](auto lane, auto age) { found[lane] = age; });
        return found;
    }
    std::unique_ptr<Homes> homes = std::make_unique<Homes>();
    const std::uint64_t key = hash_text("a prompt");
};

TEST_F(HomesTest, a_key_has_its_lanes_with_their_ages) {
    homes->remember(key, 7, 1001);
    homes->remember(key, 262'143, 1005);
    EXPECT_EQ(find(key, 1011), (Found{{7, 10}, {262'143, 6}}));
    homes->remember(key, 7, 1009);
    EXPECT_EQ(find(key, 1011), (Found{{7, 2}, {262'143, 6}}));
    EXPECT_EQ(find(hash_text("another"), 1011), Found{});
}

TEST_F(HomesTest, a_key_has_four_lanes_the_latest) {
    for (std::uint32_t lane = 0; lane < 9; ++lane) homes->remember(key, lane, 1001 + 2 * lane);
    const Found found = find(key, 1017);
    EXPECT_EQ(found, (Found{{5, 6}, {6, 4}, {7, 2}, {8, 0}}));
}

TEST_F(HomesTest, the_oldest_of_a_bucket_goes_first) {
    for (std::uint64_t i = 0; i < Homes::kWays; ++i) {
        homes->remember(i << 45 | 3, 1, static_cast<std::uint32_t>(1001 + 2 * i));
    }
    homes->remember(std::uint64_t{9} << 45 | 3, 1, 1101);
    EXPECT_EQ(find(3, 1101), Found{});
    for (std::uint64_t i = 1; i < Homes::kWays; ++i) EXPECT_EQ(find(i << 45 | 3, 1101).size(), 1u);
}

TEST_F(HomesTest, the_clock_of_the_notes_comes_round) {
    constexpr std::uint32_t kRound = 1u << 22;
    homes->remember(key, 3, kRound - 1);
    EXPECT_EQ(find(key, kRound + 5), (Found{{3, 6}}));
}

class RingTest : public testing::Test {
  protected:
    static Ring of(std::uint32_t count, double share_of_first = 1) {
        Ring ring;
        for (std::uint32_t i = 0; i < count; ++i) {
            ring.add("lane-" + std::to_string(i), i, i == 0 ? share_of_first : 1);
        }
        ring.finish();
        return ring;
    }
    static std::uint32_t home(const Ring& ring, std::uint64_t i) {
        return ring.at(ring.start(hash_text(std::to_string(i))));
    }
    static constexpr int kKeys = 20'000;
};

TEST_F(RingTest, keys_spread_by_weight) {
    const Ring ring = of(4, 2);
    std::map<std::uint32_t, int> hits;
    for (int i = 0; i < kKeys; ++i) ++hits[home(ring, i)];
    EXPECT_NEAR(hits[0], kKeys * 2 / 5, kKeys / 10);
    for (std::uint32_t i = 1; i < 4; ++i) EXPECT_NEAR(hits[i], kKeys / 5, kKeys / 10) << i;
}

TEST_F(RingTest, one_more_takes_keys_and_moves_none_between_the_others) {
    const Ring before = of(9);
    const Ring after = of(10);
    int moved = 0;
    for (int i = 0; i < kKeys; ++i) {
        if (home(before, i) == home(after, i)) continue;
        EXPECT_EQ(home(after, i), 9u);
        ++moved;
    }
    EXPECT_GT(moved, kKeys / 20);
    EXPECT_LT(moved, kKeys / 6);
}

TEST_F(RingTest, a_place_without_weight_has_no_point) {
    const Ring ring = of(3, 0);
    for (int i = 0; i < 1000; ++i) EXPECT_NE(home(ring, i), 0u);
    EXPECT_TRUE(of(1, 0).empty());
}

TEST(TextHash, is_the_same_everywhere_and_depends_on_all) {
    // Gateways of two releases must agree on a ring.
    EXPECT_EQ(hash_text(""), 0xb98b148f3731bb98u);
    EXPECT_EQ(hash_text("patchbay"), 0xa63f994025e1f946u);
    EXPECT_NE(hash_text("a"), hash_text(std::string("a\0", 2)));
    EXPECT_NE(hash_text("a", 1), hash_text("a", 2));
    std::string text(100, 'x');
    const std::uint64_t whole = hash_text(text);
    for (char& c : text) {
        c = 'y';
        EXPECT_NE(hash_text(text), whole);
        c = 'x';
    }
}

}  // namespace
}  // namespace patchbay
