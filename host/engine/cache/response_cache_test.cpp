#include "engine/cache/response_cache.hpp"

#include <functional>
#include <map>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include "engine/surface/operation.hpp"

namespace patchbay {
namespace {

namespace asio = boost::asio;

// A store behind the memory that is there at once. `meanwhile` is called once, in the middle of what it does.
class Shelf final : public CacheBehind {
  public:
    asio::awaitable<std::shared_ptr<const CacheEntry>> find(CacheKey key, std::int64_t,
                                                            Loop) override {
        ++asked;
        const auto found = entries.find(key.hex());
        const auto entry = found == entries.end() ? nullptr : found->second;
        if (meanwhile) std::exchange(meanwhile, nullptr)();
        co_return entry;
    }
    void put(const CacheAsk& ask, std::shared_ptr<const CacheEntry> entry, Loop) override {
        if (ask.holds()) entries[ask.key().hex()] = std::move(entry);
    }
    asio::awaitable<bool> erase(CacheKey key, Loop) override {
        entries.erase(key.hex());
        if (meanwhile) std::exchange(meanwhile, nullptr)();
        co_return works;
    }
    asio::awaitable<bool> clear(Loop) override {
        entries.clear();
        if (meanwhile) std::exchange(meanwhile, nullptr)();
        co_return works;
    }
    std::uint64_t faults() const override { return 7; }

    std::map<std::string, std::shared_ptr<const CacheEntry>> entries;
    std::function<void()> meanwhile;
    int asked = 0;
    bool works = true;
};

struct ResponseCacheTest : testing::Test {
    asio::io_context io{1};
    asio::thread_pool blocking{1};
    Deadlines deadlines{io};
    Loop loop{io, deadlines, blocking};
    CacheSettings settings;
    const CacheKey key{};

    static CacheEntry entry(const char* deployment, std::int64_t stored = 0,
                            std::int64_t expires = 100'000) {
        CacheEntry made;
        made.operation = &kChatCompletions;
        made.deployment = deployment;
        made.stored_ms = stored;
        made.expires_ms = expires;
        return made;
    }
    static CacheEntry whole(const char* deployment, std::string_view text = "hi") {
        CacheEntry made = entry(deployment);
        made.whole = R"({"id":"c","choices":[{"index":0,"message":{"content":")" +
                     std::string(text) + R"("},"finish_reason":"stop"}]})";
        return made;
    }
    static CacheEntry stream(const char* deployment, const char* delta) {
        CacheEntry made = entry(deployment);
        made.events.append(
            "", R"({"id":"c","choices":[{"index":0,"delta":)" + std::string(delta) + "}]}");
        return made;
    }
    // What a coroutine brings that nothing but the loop is needed for. Not while the loop runs.
    template <class T>
    T result(asio::awaitable<T> work) {
        T brought{};
        asio::co_spawn(io, std::move(work),
                       [&](std::exception_ptr, T value) { brought = std::move(value); });
        io.restart();
        io.run();
        return brought;
    }
    // The same for one that waits for nothing, also while the loop runs.
    void at_once(asio::awaitable<bool> work) {
        asio::io_context own;
        bool done = false;
        asio::co_spawn(own, std::move(work), [&](std::exception_ptr, bool) { done = true; });
        own.run();
        ASSERT_TRUE(done);
    }
    std::shared_ptr<const CacheEntry> find_behind(ResponseCache& cache, CacheWish wish = {}) {
        return result(cache.find_behind(key, wish, loop));
    }
};

TEST_F(ResponseCacheTest, the_other_form_is_made_once_and_kept) {
    ResponseCache cache(settings);
    cache.put(cache.ask(key), whole("d"), loop);
    const std::size_t before = cache.figures().bytes;
    const auto first = cache.find(key, {.stream = true});
    ASSERT_TRUE(first);
    EXPECT_FALSE(first->events.empty());
    EXPECT_GT(cache.figures().bytes, before);
    EXPECT_EQ(cache.find(key, {.stream = true}), first);
    EXPECT_EQ(cache.find(key, {.stream = false}), first);
    EXPECT_EQ(cache.figures().entries, 1u);
}

TEST_F(ResponseCacheTest, a_form_that_cannot_be_made_is_kept_beside_the_other) {
    ResponseCache cache(settings);
    cache.put(cache.ask(key), stream("d", R"({"audio":{"data":"x"}})"), loop);
    EXPECT_FALSE(cache.find(key, {.stream = false}));
    cache.put(cache.ask(key), whole("d"), loop);
    EXPECT_TRUE(cache.find(key, {.stream = false}));
    const auto both = cache.find(key, {.stream = true});
    ASSERT_TRUE(both);
    EXPECT_NE(both->events.text().find("audio"), std::string::npos);
    // Another deployment's answer stands alone.
    cache.put(cache.ask(key), whole("other"), loop);
    EXPECT_EQ(cache.find(key, {.stream = true})->events.text().find("audio"), std::string::npos);
}

TEST_F(ResponseCacheTest, older_answers_than_are_wanted_are_not_found) {
    ResponseCache cache(settings);
    cache.put(cache.ask(key), whole("d"), loop);
    EXPECT_TRUE(cache.find(key, {.now_ms = 500, .max_age = std::chrono::milliseconds(500)}));
    EXPECT_FALSE(cache.find(key, {.now_ms = 501, .max_age = std::chrono::milliseconds(500)}));
    EXPECT_TRUE(cache.find(key, {.now_ms = 501}));
    EXPECT_FALSE(cache.find(key, {.now_ms = 100'000}));
}

TEST_F(ResponseCacheTest, what_is_behind_the_memory_comes_into_it) {
    settings.type = CacheType::disk;
    auto owned = std::make_unique<Shelf>();
    Shelf& shelf = *owned;
    ResponseCache cache(settings, std::move(owned));
    cache.put(cache.ask(key), whole("d"), loop);
    EXPECT_EQ(shelf.entries.size(), 1u);
    ResponseCache next(settings, std::make_unique<Shelf>(shelf));
    EXPECT_FALSE(next.find(key, {}));
    EXPECT_TRUE(find_behind(next, {.stream = true}));
    EXPECT_TRUE(next.find(key, {.now_ms = 99'999}));
    EXPECT_TRUE(result(next.erase(key, loop)));
    EXPECT_FALSE(next.find(key, {}));
    EXPECT_FALSE(find_behind(next));
    EXPECT_EQ(next.figures().faults, 7u);
}

TEST_F(ResponseCacheTest, memory_does_not_hold_for_long_what_others_may_delete) {
    settings.type = CacheType::redis;
    ResponseCache cache(settings, std::make_unique<Shelf>());
    cache.put(cache.ask(key), whole("d"), loop);
    EXPECT_TRUE(cache.find(key, {.now_ms = 4'999}));
    EXPECT_FALSE(cache.find(key, {.now_ms = 5'000}));
    EXPECT_TRUE(find_behind(cache, {.now_ms = 5'000}));
    EXPECT_TRUE(cache.find(key, {.now_ms = 9'999}));
}

TEST_F(ResponseCacheTest, memory_does_not_hold_another_form_for_longer_either) {
    settings.type = CacheType::redis;
    ResponseCache cache(settings, std::make_unique<Shelf>());
    cache.put(cache.ask(key), whole("d"), loop);
    ASSERT_TRUE(find_behind(cache, {.stream = true, .now_ms = 5'000}));
    EXPECT_TRUE(cache.find(key, {.stream = true, .now_ms = 9'999}));
    EXPECT_FALSE(cache.find(key, {.stream = true, .now_ms = 10'000}));
}

// A kind of fault: an answer outlives that all were forgotten, for it was on its way at the time.

TEST_F(ResponseCacheTest, what_was_asked_for_before_all_was_forgotten_is_not_found_afterwards) {
    settings.type = CacheType::disk;
    auto owned = std::make_unique<Shelf>();
    Shelf& shelf = *owned;
    ResponseCache cache(settings, std::move(owned));
    const CacheAsk before = cache.ask(key);
    EXPECT_TRUE(result(cache.clear(loop)));
    EXPECT_TRUE(cache.put(before, whole("d"), loop)) << "for those who wait for it";
    EXPECT_FALSE(cache.find(key, {}));
    EXPECT_TRUE(shelf.entries.empty());
    const CacheAsk again = cache.ask(key);
    EXPECT_TRUE(result(cache.erase(key, loop)));
    cache.put(again, whole("d"), loop);
    EXPECT_FALSE(cache.find(key, {}));
    EXPECT_TRUE(shelf.entries.empty());
    cache.put(cache.ask(key), whole("d"), loop);
    EXPECT_TRUE(cache.find(key, {}));
    EXPECT_EQ(shelf.entries.size(), 1u);
}

TEST_F(ResponseCacheTest, what_is_put_while_all_is_being_forgotten_is_not_found_afterwards) {
    settings.type = CacheType::disk;
    auto owned = std::make_unique<Shelf>();
    Shelf& shelf = *owned;
    ResponseCache cache(settings, std::move(owned));
    const CacheAsk before = cache.ask(key);
    shelf.meanwhile = [&] {
        cache.put(before, whole("d"), loop);
        cache.put(cache.ask(key), whole("d"), loop);
    };
    EXPECT_TRUE(result(cache.clear(loop)));
    EXPECT_FALSE(cache.find(key, {}));
    EXPECT_TRUE(shelf.entries.empty());
}

TEST_F(ResponseCacheTest, what_was_read_before_all_was_forgotten_is_not_remembered_afterwards) {
    settings.type = CacheType::disk;
    auto owned = std::make_unique<Shelf>();
    Shelf& shelf = *owned;
    shelf.entries[key.hex()] = std::make_shared<const CacheEntry>(whole("d"));
    ResponseCache cache(settings, std::move(owned));
    shelf.meanwhile = [&] { at_once(cache.clear(loop)); };
    EXPECT_TRUE(find_behind(cache, {.stream = true})) << "it was there when it was asked for";
    EXPECT_FALSE(cache.find(key, {.stream = true}));
    EXPECT_FALSE(cache.find(key, {.stream = false}));
    EXPECT_FALSE(find_behind(cache));
}

TEST_F(ResponseCacheTest, a_store_that_does_not_forget_is_told) {
    settings.type = CacheType::redis;
    auto owned = std::make_unique<Shelf>();
    owned->works = false;
    ResponseCache cache(settings, std::move(owned));
    cache.put(cache.ask(key), whole("d"), loop);
    EXPECT_FALSE(result(cache.erase(key, loop)));
    EXPECT_FALSE(cache.find(key, {})) << "memory did";
    EXPECT_FALSE(result(cache.clear(loop)));
}

TEST_F(ResponseCacheTest, an_answer_that_is_too_large_is_not_kept) {
    settings.item_bytes = 1'000;
    ResponseCache cache(settings);
    cache.put(cache.ask(key), whole("d", std::string(2'000, 'x')), loop);
    EXPECT_FALSE(cache.find(key, {}));
    // In one form it is small enough, in both it is not.
    cache.put(cache.ask(key), whole("d", std::string(300, 'x')), loop);
    EXPECT_TRUE(cache.find(key, {.stream = true}));
    EXPECT_TRUE(cache.find(key, {.stream = false}));
    EXPECT_LE(cache.figures().bytes, 1'000u);
}

}  // namespace
}  // namespace patchbay
