#include "gateway/cache_pages.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include <boost/json.hpp>

#include "engine/lanes/clock.hpp"
#include "engine/surface/operation.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::gateway {

namespace json = boost::json;

namespace {

Error no_cache() {
    Error error;
    error.cls = ErrorClass::overloaded;
    error.http_status = 503;
    error.type = "cache_ping_error";
    error.message =
        "Cache not initialized: litellm_settings.cache was not set when the gateway started.";
    return error;
}

Page page_of(const json::object& answer) {
    Page page;
    page.body = json_tree::write(answer);
    return page;
}

boost::asio::awaitable<bool> keeps(ResponseCache& cache, Loop loop) {
    const CacheKey key;
    const CacheAsk ask = cache.ask(key);
    const std::int64_t now = Now::read().unix_ms;
    constexpr std::int64_t kShort = 60'000;
    CacheEntry entry;
    entry.operation = &kChatCompletions;
    entry.whole = "{}";
    entry.stored_ms = now;
    entry.expires_ms = now + kShort;
    cache.put(ask, std::move(entry), loop);
    const bool found = cache.find(key, {.stream = false, .now_ms = now}) != nullptr;
    // Another admin may have just had it forgotten.
    const bool kept = found || !ask.holds();
    const bool forgotten = co_await cache.erase(key, loop);
    co_return (kept && forgotten);
}

json::object params_of(const CacheSettings& settings) {
    constexpr double kSecond = 1'000;
    json::object params{{"type", name_of(settings.type)},
                        {"namespace", settings.name_space},
                        {"ttl", static_cast<double>(settings.ttl.count()) / kSecond},
                        {"mode", settings.opt_in ? "default_off" : "default_on"}};
    if (settings.call_types)
        params["supported_call_types"] = json::value_from(*settings.call_types);
    return params;
}

}  // namespace

boost::asio::awaitable<Result<Page>> ping_cache(const Engine& engine, const Snapshot& snapshot) {
    ResponseCache* const cache = engine.cache;
    const CacheSettings* const settings = snapshot.config.litellm.cache.get();
    if (!cache || !settings) co_return no_cache();
    bool works = cache->ready();
    if (works) works = co_await keeps(*cache, engine.loop);
    if (!works) {
        Error error = no_cache();
        error.message = cache->ready() ? "An answer that was kept is not found again."
                                       : "The store behind the cache cannot be reached.";
        co_return error;
    }
    const CacheFigures figures = cache->figures();
    co_return page_of({{"status", "healthy"},
                       {"cache_type", name_of(cache->type())},
                       {"ping_response", true},
                       {"set_cache_response", "success"},
                       {"litellm_cache_params", json_tree::write(params_of(*settings))},
                       {"health_check_cache_params",
                        json::object{{"bytes", figures.bytes}, {"entries", figures.entries}}}});
}

namespace {

// A number where it is one: "used_memory:1024".
json::value value_of(std::string_view text) {
    std::int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec == std::errc() && read.ptr == text.data() + text.size() && !text.empty()) {
        return number;
    }
    return json::value(text);
}

// Calls `one` with the pieces of a text that are not empty.
template <class One>
void for_each_piece(std::string_view text, char between, One one) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(between), text.size());
        std::string_view piece = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (piece.ends_with('\r')) piece.remove_suffix(1);
        if (!piece.empty()) one(piece);
    }
}

json::object members_of(std::string_view line, char between, char behind_name) {
    json::object members;
    for_each_piece(line, between, [&](std::string_view piece) {
        const std::size_t end = piece.find(behind_name);
        if (piece.starts_with('#') || end == piece.npos) return;
        members[piece.substr(0, end)] = value_of(piece.substr(end + 1));
    });
    return members;
}

}  // namespace

boost::asio::awaitable<Result<Page>> redis_info(const Engine& engine) {
    ResponseCache* const cache = engine.cache;
    if (!cache) co_return no_cache();
    const auto texts = co_await cache->server_texts(engine.loop);
    if (!texts) {
        Error error = no_cache();
        error.message = cache->type() == CacheType::redis
                            ? "The Redis server behind the cache does not answer."
                            : "Cache type " + std::string(name_of(cache->type())) +
                                  " does not support redis info";
        co_return error;
    }
    json::array clients;
    for_each_piece(texts->clients, '\n',
                   [&](std::string_view line) { clients.push_back(members_of(line, ' ', '=')); });
    const auto count = clients.size();
    co_return page_of({{"num_clients", count},
                       {"clients", std::move(clients)},
                       {"info", members_of(texts->info, '\n', ':')}});
}

namespace {

Result<std::vector<CacheKey>> keys_in(std::string_view body) {
    const json_tree::Tree tree = json_tree::read(body);
    const auto* object = tree ? tree.value.if_object() : nullptr;
    const auto* keys = object ? object->if_contains("keys") : nullptr;
    if (!keys || !keys->is_array()) {
        return bad_request("The body must be an object with 'keys', a list of cache keys.", "keys");
    }
    std::vector<CacheKey> all;
    for (const json::value& value : keys->get_array()) {
        const auto* text = value.if_string();
        const auto key = text ? read_cache_key(*text) : std::nullopt;
        if (!key) {
            return bad_request(
                "'keys' must hold cache keys, as x-litellm-cache-key tells them: 64 "
                "hexadecimal digits, maybe behind a namespace and a colon.",
                "keys");
        }
        all.push_back(*key);
    }
    return all;
}

Result<Page> forgotten(bool everywhere) {
    if (everywhere) return page_of({{"status", "success"}});
    Error error = no_cache();
    error.message =
        "The store behind the cache did not forget the answers; this gateway's memory did.";
    return error;
}

}  // namespace

boost::asio::awaitable<Result<Page>> delete_cached(const Engine& engine, std::string_view body) {
    if (!engine.cache) co_return no_cache();
    const auto keys = keys_in(body);
    if (!keys) co_return keys.error();
    bool everywhere = true;
    for (const CacheKey& key : *keys) {
        const bool done = co_await engine.cache->erase(key, engine.loop);
        everywhere = everywhere && done;
    }
    co_return forgotten(everywhere);
}

boost::asio::awaitable<Result<Page>> flush_cache(const Engine& engine) {
    if (!engine.cache) co_return no_cache();
    const bool everywhere = co_await engine.cache->clear(engine.loop);
    co_return forgotten(everywhere);
}

}  // namespace patchbay::gateway
