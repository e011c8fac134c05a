// The part of `cache_params` that says where a Redis server is.
#pragma once

#include <array>
#include <chrono>
#include <optional>

#include "config/cache_settings.hpp"
#include "config/section.hpp"

namespace patchbay {

/// The settings while they are read.
struct CacheDraft {
    CacheSettings settings;
    std::optional<CacheType> type;
    Place type_place;
    std::optional<std::chrono::milliseconds> ttl;
    std::string url;
    Place url_place;
    bool told_nodes = false;  ///< it was told that clusters and sentinels are not done
};

void read_redis_port(Reader& reader, const Entry& entry, CacheDraft& draft);
void read_redis_database(Reader& reader, const Entry& entry, CacheDraft& draft);
void read_redis_url(Reader& reader, const Entry& entry, CacheDraft& draft);
/// Clusters, sentinels, Google's tokens.
void tell_redis_nodes(Reader& reader, const Entry& entry, CacheDraft& draft);

template <auto Member>
void into_redis(Reader& reader, const Entry& entry, CacheDraft& draft) {
    reader.read(entry, draft.settings.redis.*Member);
}

inline constexpr std::array kCacheRedisFields = {
    Field<CacheDraft>{"host", into_redis<&RedisSettings::host>},
    Field<CacheDraft>{"port", read_redis_port},
    Field<CacheDraft>{"username", into_redis<&RedisSettings::username>},
    Field<CacheDraft>{"password", into_redis<&RedisSettings::password>},
    Field<CacheDraft>{"db", read_redis_database},
    Field<CacheDraft>{"ssl", into_redis<&RedisSettings::tls>},
    Field<CacheDraft>{"ssl_verify", into_redis<&RedisSettings::verify>},
    Field<CacheDraft>{"url", read_redis_url},
    Field<CacheDraft>{"redis_startup_nodes", tell_redis_nodes},
    Field<CacheDraft>{"service_name", tell_redis_nodes},
    Field<CacheDraft>{"sentinel_nodes", tell_redis_nodes},
    Field<CacheDraft>{"sentinel_password", tell_redis_nodes},
    Field<CacheDraft>{"gcp_service_account", tell_redis_nodes},
    Field<CacheDraft>{"gcp_ssl_ca_certs", tell_redis_nodes},
};

/// Takes what the parameters do not say from `url`, then from LiteLLM's variables (REDIS_URL,
/// REDIS_HOST, REDIS_PORT, REDIS_USERNAME, REDIS_PASSWORD, REDIS_SSL). A url that cannot be read is an
/// error at its place.
void finish_cache_redis(Reader& reader, CacheDraft& draft);

}  // namespace patchbay
