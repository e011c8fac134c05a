#include "engine/cache/redis_cache.hpp"

#include <utility>

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

void RedisCache::put(const CacheKey& key, std::shared_ptr<const CacheEntry> entry, Loop) {
    const std::int64_t left = entry->expires_ms - entry->stored_ms;
    link_.send({"SET", name_of(key), packed(*entry), "PX", std::to_string(left)},
               [](const RedisReply&) {});
}

void RedisCache::erase(const CacheKey& key) {
    link_.send({"UNLINK", name_of(key)}, [](const RedisReply&) {});
}

void RedisCache::clear() {
    clear_from("0");
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
void RedisCache::clear_from(const std::string& cursor) {
    link_.send({"SCAN", cursor, "MATCH", std::string(kPrefix) + "*", "COUNT", "1000"},
               [this](const RedisReply& reply) {
                   const auto& parts = reply.list;
                   if (parts.size() != 2 || parts[1].kind != RedisReply::Kind::list) return;
                   std::vector<std::string> words{"UNLINK"};
                   for (const RedisReply& name : parts[1].list) words.push_back(name.text);
                   if (words.size() > 1) link_.send(std::move(words), [](const RedisReply&) {});
                   if (parts[0].text != "0") clear_from(parts[0].text);
               });
}

std::unique_ptr<CacheBehind> redis_cache(const RedisSettings& settings) {
    return std::make_unique<RedisCache>(address_of(settings));
}

}  // namespace patchbay
