// What a configuration says of the response cache (`litellm_settings.cache`, `cache_params`). Names
// are LiteLLM's; docs/caching.md tells what each does. Values only, read from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace patchbay {

/// Where answers are kept.
enum class CacheType : std::uint8_t {
    local,  ///< in this process
    disk,   ///< in this process, and in a file that outlives it
    redis,  ///< in this process, and in a Redis server that others share
};

/// As `type` and health pages write it.
constexpr std::string_view name_of(CacheType type) {
    constexpr std::string_view kNames[] = {"local", "disk", "redis"};
    return kNames[static_cast<std::size_t>(type)];
}

/// Who may get an answer that another call brought.
enum class CacheScope : std::uint8_t {
    shared,  ///< everybody, as in LiteLLM
    team,    ///< keys of the same team; a key without one is as with `key`
    key,     ///< whoever presents the same key
};

/// Where the Redis server is: `host`, `port`, ... or `url`.
struct RedisSettings {
    std::string host;
    std::uint16_t port = 6379;
    std::string username;
    Secret password;
    int database = 0;
    bool tls = false;    ///< `ssl`, or a url that begins with "rediss:"
    bool verify = true;  ///< `ssl_verify`: the server's certificate and name
};

/// Questions that mean nearly the same get the same answer (docs/caching.md, "Near questions").
struct SemanticSettings {
    float threshold = 1;  ///< `similarity_threshold`: above 0, at most 1
    std::string model;    ///< the model group whose embeddings are compared
};

/// Exists only where `cache: true` is said.
struct CacheSettings {
    CacheType type = CacheType::local;
    CacheScope scope = CacheScope::shared;
    bool opt_in = false;  ///< `mode: default_off`: only requests with `cache: {"use-cache": true}`
    /// LiteLLM's default for each type: 60 s with Redis, else 600.
    std::chrono::milliseconds ttl{600'000};
    std::string name_space;  ///< `namespace`
    /// LiteLLM's names of calls ("acompletion"); nullopt: the usual ones.
    std::optional<std::vector<std::string>> call_types;
    std::uint64_t bytes = 64u << 20;           ///< of all answers in memory
    std::uint64_t item_bytes = 1u << 20;       ///< of one answer; larger ones are not kept
    std::string directory = ".litellm_cache";  ///< `disk_cache_dir`
    std::uint64_t disk_bytes = 1u << 30;       ///< of all answers on disk
    RedisSettings redis;
    std::optional<SemanticSettings> semantic;  ///< nullopt: only the same questions do
    Place place;                               ///< of `cache`
};

}  // namespace patchbay
