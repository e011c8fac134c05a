#include "engine/cache/memory.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();

CacheKey key(int number) {
    CacheKey made;
    made.digest[0] = static_cast<std::uint8_t>(number);
    made.digest[1] = static_cast<std::uint8_t>(number >> 8);
    return made;
}

std::shared_ptr<const CacheEntry> entry(std::size_t size, std::int64_t expires = kForever) {
    auto made = std::make_shared<CacheEntry>();
    made->expires_ms = expires;
    const std::size_t own = made->bytes();
    made->whole.assign(size > own ? size - own : 0, 'x');
    return made;
}

// One shard, of ten entries of a thousand bytes.
struct TenEntries : testing::Test {
    MemoryCache cache{{.bytes = 10'000, .one = 5'000}};
    Forgotten forgotten;

    void put(int number, std::shared_ptr<const CacheEntry> made = entry(1'000)) {
        cache.put(forgotten.ask(key(number)), std::move(made));
    }
    bool has(int number) { return cache.find(key(number), 0) != nullptr; }
};

TEST_F(TenEntries, an_entry_is_found_until_it_expires) {
    put(1, entry(1'000, 50));
    EXPECT_TRUE(cache.find(key(1), 49));
    EXPECT_FALSE(cache.find(key(2), 49));
    EXPECT_FALSE(cache.find(key(1), 50));
    EXPECT_EQ(cache.count(), 0u) << "it makes room";
    EXPECT_EQ(cache.bytes(), 0u);
}

TEST_F(TenEntries, memory_is_bounded_whatever_comes) {
    for (int i = 0; i < 1'000; ++i) {
        put(i, entry(300 + static_cast<std::size_t>(i * 37 % 3'000)));
        if (i % 3 == 0) has(i - 2);
        ASSERT_LE(cache.bytes(), 10'000u);
    }
    EXPECT_GT(cache.count(), 2u);
}

TEST_F(TenEntries, what_is_asked_for_outlives_a_flood_of_what_is_not) {
    put(0);
    put(1);
    ASSERT_TRUE(has(0));
    ASSERT_TRUE(has(1));
    for (int i = 100; i < 200; ++i) put(i);
    EXPECT_TRUE(has(0));
    EXPECT_TRUE(has(1));
    EXPECT_FALSE(has(100));
}

TEST_F(TenEntries, a_key_that_comes_again_soon_stays) {
    for (int i = 0; i < 11; ++i) put(i);
    ASSERT_FALSE(has(0)) << "it fell out of the small queue";
    put(0);
    for (int i = 100; i < 110; ++i) put(i);
    EXPECT_TRUE(has(0));
}

TEST_F(TenEntries, what_nobody_asks_for_any_more_leaves) {
    for (int i = 0; i < 10; ++i) {
        put(i);
        ASSERT_TRUE(has(i));
    }
    for (int i = 100; i < 200; ++i) {
        put(i);
        has(i);
    }
    for (int i = 0; i < 10; ++i) EXPECT_FALSE(has(i)) << i;
}

TEST_F(TenEntries, an_entry_takes_the_place_of_the_one_before) {
    put(1);
    put(1, entry(2'000));
    EXPECT_EQ(cache.count(), 1u);
    EXPECT_EQ(cache.bytes(), 2'000u);
    put(1, entry(6'000));
    EXPECT_EQ(cache.count(), 0u) << "too large, and the old one would be wrong";
}

TEST_F(TenEntries, entries_are_taken_out) {
    put(1);
    put(2);
    EXPECT_TRUE(cache.erase(key(1)));
    EXPECT_FALSE(cache.erase(key(1)));
    EXPECT_FALSE(has(1));
    EXPECT_TRUE(has(2));
    cache.clear();
    EXPECT_FALSE(has(2));
    EXPECT_EQ(cache.bytes(), 0u);
}

TEST_F(TenEntries, what_was_asked_for_before_all_was_forgotten_is_not_kept) {
    const CacheAsk before = forgotten.ask(key(1));
    {
        const auto span = forgotten.forget_all();
        cache.clear();
        put(2);
    }
    cache.put(before, entry(1'000));
    EXPECT_EQ(cache.count(), 0u);
    put(1);
    EXPECT_TRUE(has(1));
}

TEST(MemoryCache, holds_entries_of_the_largest_size_in_many_shards) {
    MemoryCache cache({});
    const Forgotten forgotten;
    for (int i = 0; i < 40; ++i) {
        CacheKey spread = key(i);
        spread.digest.back() = static_cast<std::uint8_t>(i);
        cache.put(forgotten.ask(spread), entry(std::size_t{1} << 20));
    }
    EXPECT_EQ(cache.count(), 40u);
    EXPECT_LE(cache.bytes(), std::size_t{64} << 20);
}

}  // namespace
}  // namespace patchbay
