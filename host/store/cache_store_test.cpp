#include "store/cache_store.hpp"

#include <array>
#include <fstream>
#include <stdexcept>

#include <gtest/gtest.h>

namespace patchbay::store {
namespace {

namespace fs = std::filesystem;

class CacheStoreTest : public testing::Test {
  protected:
    CacheStoreTest() {
        std::string pattern = (fs::temp_directory_path() / "patchbay-cache-XXXXXX").string();
        directory = mkdtemp(pattern.data());
    }
    ~CacheStoreTest() override { fs::remove_all(directory); }

    CacheStore open(std::uint64_t most = 1u << 20) {
        auto store = CacheStore::open(directory / "cache.db", most);
        if (!store) throw std::runtime_error(store.error().text);
        return std::move(*store);
    }
    static std::array<std::uint8_t, 32> key(int number) {
        std::array<std::uint8_t, 32> made{};
        made[0] = static_cast<std::uint8_t>(number);
        made[31] = 0;
        return made;
    }
    static bool put(CacheStore& store, int number, std::string_view bytes,
                    std::int64_t expires = 100) {
        return store.put(key(number), bytes, expires, 0).has_value();
    }
    static std::string find(CacheStore& store, int number, std::int64_t now = 0) {
        const auto found = store.find(key(number), now);
        if (!found) return "failure: " + found.error().text;
        return found->value_or("none");
    }

    fs::path directory;
};

TEST_F(CacheStoreTest, what_is_stored_is_found_until_it_expires_by_the_next_process_too) {
    using namespace std::string_view_literals;
    {
        auto store = open();
        ASSERT_TRUE(put(store, 1, "a\0b\xff"sv));
        ASSERT_TRUE(put(store, 2, "old"));
        ASSERT_TRUE(put(store, 2, "new"));
    }
    auto store = open();
    EXPECT_EQ(find(store, 1), "a\0b\xff"sv);
    EXPECT_EQ(find(store, 2, 99), "new");
    EXPECT_EQ(find(store, 2, 100), "none");
    EXPECT_EQ(find(store, 3), "none");
}

TEST_F(CacheStoreTest, what_was_stored_first_makes_room) {
    auto store = open(100'000);
    const std::string value(10'000, 'x');
    for (int i = 0; i < 100; ++i) {
        ASSERT_TRUE(put(store, i, value));
        ASSERT_LE(store.bytes(), 100'000u);
        ASSERT_EQ(find(store, i), value);
    }
    EXPECT_EQ(find(store, 0), "none");
    EXPECT_EQ(open(100'000).bytes(), store.bytes()) << "the sum is that of the rows";
    ASSERT_TRUE(put(store, 99, std::string(200'000, 'y')));
    EXPECT_EQ(find(store, 99), "none") << "too large, and the old one would be wrong";
}

TEST_F(CacheStoreTest, what_has_expired_makes_room_first) {
    auto store = open(50'000);
    const std::string value(10'000, 'x');
    ASSERT_TRUE(put(store, 1, value, 100));
    ASSERT_TRUE(put(store, 2, value, 5));
    ASSERT_TRUE(put(store, 3, value, 100));
    ASSERT_TRUE(put(store, 4, value, 100));
    ASSERT_TRUE(store.put(key(5), value, 100, 50));
    EXPECT_EQ(find(store, 1), value);
    EXPECT_EQ(find(store, 2), "none");
    EXPECT_EQ(find(store, 5), value);
}

TEST_F(CacheStoreTest, rows_are_taken_out) {
    auto store = open();
    ASSERT_TRUE(put(store, 1, "a") && put(store, 2, "b"));
    ASSERT_TRUE(store.erase(key(1)));
    ASSERT_TRUE(store.erase(key(7)));
    EXPECT_EQ(find(store, 1), "none");
    EXPECT_EQ(find(store, 2), "b");
    ASSERT_TRUE(store.clear());
    EXPECT_EQ(find(store, 2), "none");
    EXPECT_EQ(store.bytes(), 0u);
}

TEST_F(CacheStoreTest, a_file_that_is_damaged_or_of_another_version_is_emptied) {
    {
        std::ofstream file(directory / "cache.db");
        file << std::string(4096, 'z');
    }
    {
        auto store = open();
        ASSERT_TRUE(put(store, 1, "a"));
    }
    {
        auto database = Database::open(directory / "cache.db");
        ASSERT_TRUE(database && database->execute("PRAGMA user_version=99"));
    }
    auto store = open();
    EXPECT_EQ(find(store, 1), "none");
    EXPECT_TRUE(put(store, 1, "b"));
}

TEST_F(CacheStoreTest, a_place_that_cannot_be_used_is_a_failure) {
    EXPECT_FALSE(CacheStore::open(directory / "missing" / "cache.db", 1));
}

}  // namespace
}  // namespace patchbay::store
