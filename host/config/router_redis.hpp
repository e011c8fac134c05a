// The keys of `router_settings` that say where gateways share what they know of deployments.
#pragma once

#include "config/cache_redis.hpp"
#include "config/config.hpp"

namespace patchbay {

inline constexpr auto kRouterRedisFields = std::to_array<Field<RedisDraft>>({
    {"redis_url", read_redis_url},
    {"redis_host", into_redis<&RedisSettings::host>},
    {"redis_port", read_redis_port},
    {"redis_password", into_redis<&RedisSettings::password>},
    {"redis_username", into_redis<&RedisSettings::username>},
    {"redis_db", read_redis_database},
});

/// Reads them, and `cache_kwargs`, which has the rest of an address (`ssl`, `ssl_verify`, ...). As in LiteLLM
/// nothing is shared without a host or a url here: the environment's variables are for the response cache.
void read_router_redis(Reader& reader, const yaml::Node& section, RouterSettings& settings);

}  // namespace patchbay
