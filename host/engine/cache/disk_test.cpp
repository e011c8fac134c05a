#include "engine/cache/disk.hpp"

#include <cstdlib>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "engine/surface/operation.hpp"

namespace patchbay {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

class DiskCacheTest : public testing::Test {
  protected:
    DiskCacheTest() {
        std::string pattern = (fs::temp_directory_path() / "patchbay-disk-XXXXXX").string();
        directory = mkdtemp(pattern.data());
        auto opened = DiskCache::open(directory / "made", std::uint64_t{1} << 20);
        if (opened) cache = std::move(*opened);
    }
    ~DiskCacheTest() override {
        blocking.join();
        fs::remove_all(directory);
    }

    static std::shared_ptr<const CacheEntry> entry(const char* whole) {
        auto made = std::make_shared<CacheEntry>();
        made->operation = &kChatCompletions;
        made->whole = whole;
        made->expires_ms = 100;
        return made;
    }
    static CacheKey key(std::uint8_t number) {
        CacheKey made;
        // Of another part of what is forgotten, too (forgotten.hpp).
        made.digest[0] = made.digest[made.digest.size() / 2] = number;
        return made;
    }
    std::shared_ptr<const CacheEntry> find_once(const CacheKey& of, std::int64_t now) {
        std::shared_ptr<const CacheEntry> found;
        asio::co_spawn(
            io, [&]() -> asio::awaitable<void> { found = co_await cache->find(of, now, loop); },
            asio::detached);
        io.restart();
        io.run();
        return found;
    }
    bool result(asio::awaitable<bool> work) {
        bool brought = false;
        asio::co_spawn(io, std::move(work), [&](std::exception_ptr, bool done) { brought = done; });
        io.restart();
        io.run();
        return brought;
    }
    // A machine may be too busy for an answer in time, which is then a miss.
    std::shared_ptr<const CacheEntry> find(const CacheKey& of, std::int64_t now = 0) {
        std::shared_ptr<const CacheEntry> found;
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!found && std::chrono::steady_clock::now() < until) found = find_once(of, now);
        return found;
    }

    Forgotten forgotten;
    fs::path directory;
    asio::io_context io{1};
    asio::thread_pool blocking{1};
    Deadlines deadlines{io};
    Loop loop{io, deadlines, blocking};
    std::unique_ptr<DiskCache> cache;
};

TEST_F(DiskCacheTest, what_was_put_is_found_also_by_the_next_process) {
    ASSERT_TRUE(cache);
    cache->put(forgotten.ask(key(1)), entry(R"({"id":"a"})"), loop);
    auto found = find(key(1));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->whole, R"({"id":"a"})");
    // It outlives what was asked of it on the pool.
    asio::post(blocking, asio::use_future).get();
    cache = std::move(*DiskCache::open(directory / "made", std::uint64_t{1} << 20));
    EXPECT_TRUE(find(key(1)));
    EXPECT_FALSE(find_once(key(1), 100)) << "it has expired";
    EXPECT_FALSE(find_once(key(2), 0));
    EXPECT_EQ(cache->faults(), 0u);
}

TEST_F(DiskCacheTest, entries_are_taken_out) {
    ASSERT_TRUE(cache);
    cache->put(forgotten.ask(key(1)), entry("{}"), loop);
    cache->put(forgotten.ask(key(2)), entry("{}"), loop);
    ASSERT_TRUE(find(key(1)) && find(key(2)));
    EXPECT_TRUE(result(cache->erase(key(1), loop)));
    EXPECT_FALSE(find_once(key(1), 0));
    EXPECT_TRUE(find(key(2)));
    EXPECT_TRUE(result(cache->clear(loop)));
    EXPECT_FALSE(find_once(key(2), 0));
}

TEST_F(DiskCacheTest, a_pool_that_is_busy_is_a_miss_and_not_a_wait) {
    ASSERT_TRUE(cache);
    cache->put(forgotten.ask(key(1)), entry("{}"), loop);
    ASSERT_TRUE(find(key(1)));
    std::mutex busy;
    busy.lock();
    asio::post(blocking, [&] { const std::lock_guard lock(busy); });
    EXPECT_FALSE(find_once(key(1), 0));
    // Nor does what waits for it grow without a bound.
    for (int i = 0; i < 2 * DiskCache::kMostWaiting; ++i)
        cache->put(forgotten.ask(key(3)), entry("{}"), loop);
    busy.unlock();
    EXPECT_TRUE(find(key(1)));
}

TEST_F(DiskCacheTest, a_write_that_waited_while_all_was_forgotten_is_not_done) {
    ASSERT_TRUE(cache);
    std::mutex busy;
    busy.lock();
    asio::post(blocking, [&] { const std::lock_guard lock(busy); });
    cache->put(forgotten.ask(key(1)), entry("{}"), loop);
    cache->put(forgotten.ask(key(2)), entry("{}"), loop);
    // Another thread of the pool has time for what an admin wants.
    asio::thread_pool idle{1};
    const Loop other{io, deadlines, idle};
    {
        const auto span = forgotten.forget(key(1));
        EXPECT_TRUE(result(cache->erase(key(1), other)));
    }
    busy.unlock();
    EXPECT_TRUE(find(key(2))) << "behind the write of the other";
    EXPECT_FALSE(find_once(key(1), 0));
    idle.join();
}

TEST(DiskCache, a_place_that_cannot_be_used_is_told) {
    const auto opened = DiskCache::open("/dev/null/x", 1);
    ASSERT_FALSE(opened);
    EXPECT_NE(opened.error().find("/dev/null/x"), std::string::npos);
}

}  // namespace
}  // namespace patchbay
