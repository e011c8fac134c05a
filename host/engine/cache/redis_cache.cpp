#include "engine/cache/redis_cache.hpp"

#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "engine/redis/await_reply.hpp"

namespace patchbay {

namespace asio = boost::asio;

namespace {

constexpr std::string_view kPrefix = "pb:c:";

std::string name_of(const CacheKey& key) {
    return std::string(kPrefix) + key.hex();
}

std::shared_ptr<const CacheEntry> entry_of(const RedisReply& reply, std::int64_t now_ms) {
    auto entry = std::make_shared<CacheEntry>();
    if (reply.kind != RedisReply::Kind::text || !unpack(reply.text, *entry)) return nullptr;
    return entry->expires_ms > now_ms ? entry : nullptr;
}

}  // namespace

asio::awaitable<std::shared_ptr<const CacheEntry>> RedisCache::find(CacheKey key,
                                                                    std::int64_t now_ms,
                                                                    Loop loop) {
    const auto lookup = std::make_shared<Lookup>(loop.io);
    const bool asked = link_.send({"GET", name_of(key)}, [weak = std::weak_ptr(lookup), now_ms,
                                                          &io = loop.io](const RedisReply& reply) {
        if (!weak.expired()) Lookup::found(io, weak, entry_of(reply, now_ms));
    });
    if (!asked) co_return nullptr;
    auto entry = co_await Lookup::wait(lookup);
    if (!lookup->answered()) link_.late();
    co_return entry;
}

void RedisCache::put(const CacheAsk& ask, std::shared_ptr<const CacheEntry> entry, Loop) {
    const std::int64_t left = entry->expires_ms - entry->stored_ms;
    std::vector<std::string> words{"SET", name_of(ask.key()), packed(*entry), "PX",
                                   std::to_string(left)};
    const std::lock_guard lock(mutex_);
    if (ask.holds()) link_.send(std::move(words), [](const RedisReply&) {});
}

// Whoever found its ask holding has sent it afterwards, and nobody else will.
void RedisCache::let_puts_pass() {
    const std::lock_guard lock(mutex_);
}

asio::awaitable<bool> RedisCache::erase(CacheKey key, Loop loop) {
    let_puts_pass();
    std::vector<std::string> words{"UNLINK", name_of(key)};
    const RedisReply reply = co_await await_reply(link_, std::move(words), loop.io);
    co_return reply.kind == RedisReply::Kind::number;
}

asio::awaitable<bool> RedisCache::clear(Loop loop) {
    let_puts_pass();
    co_return co_await asio::co_spawn(loop.io, clear_all(loop), asio::use_awaitable);
}

asio::awaitable<std::optional<CacheBehind::ServerTexts>> RedisCache::server_texts(Loop loop) {
    // Named, for gcc 12 takes no list among the arguments of what is awaited.
    std::vector<std::string> ask_info{"INFO"};
    std::vector<std::string> ask_clients{"CLIENT", "LIST"};
    RedisReply info = co_await await_reply(link_, std::move(ask_info), loop.io);
    RedisReply clients = co_await await_reply(link_, std::move(ask_clients), loop.io);
    if (info.kind != RedisReply::Kind::text) co_return std::nullopt;
    co_return ServerTexts{std::move(info.text), std::move(clients.text)};
}

// A thousand keys of the server at a time: it serves others in between.
asio::awaitable<bool> RedisCache::clear_all(Loop loop) {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    std::string cursor = "0";
    do {
        std::vector<std::string> scan{"SCAN",  cursor, "MATCH", std::string(kPrefix) + "*",
                                      "COUNT", "1000"};
        RedisReply page = co_await await_reply(link_, std::move(scan), loop.io);
        if (page.list.size() != 2) co_return false;
        std::vector<std::string> unlink{"UNLINK"};
        for (RedisReply& name : page.list[1].list) unlink.push_back(std::move(name.text));
        if (unlink.size() > 1) {
            const RedisReply gone = co_await await_reply(link_, std::move(unlink), loop.io);
            if (gone.kind != RedisReply::Kind::number) co_return false;
        }
        cursor = std::move(page.list[0].text);
    } while (cursor != "0");
    co_return true;
}

std::unique_ptr<CacheBehind> redis_cache(const RedisSettings& settings) {
    return std::make_unique<RedisCache>(address_of(settings));
}

}  // namespace patchbay
