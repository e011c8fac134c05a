#include "gateway/cache_pages.hpp"

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

bool keeps(ResponseCache& cache, const Loop& loop) {
    CacheKey key;
    const std::int64_t now = Now::read().unix_ms;
    constexpr std::int64_t kShort = 60'000;
    CacheEntry entry;
    entry.operation = &kChatCompletions;
    entry.whole = "{}";
    entry.stored_ms = now;
    entry.expires_ms = now + kShort;
    cache.put(key, std::move(entry), loop);
    const bool found = cache.find(key, {.stream = false, .now_ms = now}) != nullptr;
    return cache.erase(key) && found;
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

Result<Page> ping_cache(const Engine& engine, const Snapshot& snapshot) {
    ResponseCache* const cache = engine.cache;
    const CacheSettings* const settings = snapshot.config.litellm.cache.get();
    if (!cache || !settings) return no_cache();
    if (!cache->ready() || !keeps(*cache, engine.loop)) {
        Error error = no_cache();
        error.message = cache->ready() ? "An answer that was kept is not found again."
                                       : "The store behind the cache cannot be reached.";
        return error;
    }
    const CacheFigures figures = cache->figures();
    return page_of({{"status", "healthy"},
                    {"cache_type", name_of(cache->type())},
                    {"ping_response", true},
                    {"set_cache_response", "success"},
                    {"litellm_cache_params", json_tree::write(params_of(*settings))},
                    {"health_check_cache_params",
                     json::object{{"bytes", figures.bytes}, {"entries", figures.entries}}}});
}

Result<Page> delete_cached(ResponseCache* cache, std::string_view body) {
    if (!cache) return no_cache();
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
    for (const CacheKey& key : all) cache->erase(key);
    return page_of({{"status", "success"}});
}

Result<Page> flush_cache(ResponseCache* cache) {
    if (!cache) return no_cache();
    cache->clear();
    return page_of({{"status", "success"}});
}

}  // namespace patchbay::gateway
