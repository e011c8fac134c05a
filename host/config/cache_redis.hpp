// Where a Redis server is: in `cache_params`, and in `router_settings`.
#pragma once

#include <array>
#include <string>

#include "config/cache_settings.hpp"
#include "config/section.hpp"

namespace patchbay {

/// The address while it is read.
struct RedisDraft {
    RedisSettings settings;
    std::string url;
    Place url_place;
    bool told_nodes = false;  ///< it was told that clusters and sentinels are not done
};

void read_redis_port(Reader& reader, const Entry& entry, RedisDraft& draft);
void read_redis_database(Reader& reader, const Entry& entry, RedisDraft& draft);
void read_redis_url(Reader& reader, const Entry& entry, RedisDraft& draft);
/// Clusters, sentinels, Google's tokens.
void tell_redis_nodes(Reader& reader, const Entry& entry, RedisDraft& draft);

template <auto Member>
void into_redis(Reader& reader, const Entry& entry, RedisDraft& draft) {
    reader.read(entry, draft.settings.*Member);
}

inline constexpr std::array kRedisFields = {
    Field<RedisDraft>{"host", into_redis<&RedisSettings::host>},
    Field<RedisDraft>{"port", read_redis_port},
    Field<RedisDraft>{"username", into_redis<&RedisSettings::username>},
    Field<RedisDraft>{"password", into_redis<&RedisSettings::password>},
    Field<RedisDraft>{"db", read_redis_database},
    Field<RedisDraft>{"ssl", into_redis<&RedisSettings::tls>},
    Field<RedisDraft>{"ssl_verify", into_redis<&RedisSettings::verify>},
    Field<RedisDraft>{"url", read_redis_url},
    Field<RedisDraft>{"redis_startup_nodes", tell_redis_nodes},
    Field<RedisDraft>{"service_name", tell_redis_nodes},
    Field<RedisDraft>{"sentinel_nodes", tell_redis_nodes},
    Field<RedisDraft>{"sentinel_password", tell_redis_nodes},
    Field<RedisDraft>{"gcp_service_account", tell_redis_nodes},
    Field<RedisDraft>{"gcp_ssl_ca_certs", tell_redis_nodes},
};

/// Takes what the other keys do not say from the url. One that cannot be read is an error at its place, of
/// which `key` is the name ("`router_settings.redis_url`").
void finish_redis(Reader& reader, std::string_view key, RedisDraft& draft);
/// The same; where the file has no address, it comes from LiteLLM's variables (REDIS_URL, REDIS_HOST, REDIS_PORT,
/// REDIS_USERNAME, REDIS_PASSWORD, REDIS_SSL).
void finish_redis_with_environment(Reader& reader, std::string_view key, RedisDraft& draft);

}  // namespace patchbay
