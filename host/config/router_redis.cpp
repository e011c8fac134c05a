#include "config/router_redis.hpp"

#include <memory>

namespace patchbay {

namespace {

// Of a client in Python.
constexpr auto kOfLibrary = std::to_array<std::string_view>({
    "socket_timeout",
    "socket_connect_timeout",
    "max_connections",
    "ssl_cert_reqs",
    "ssl_check_hostname",
    "ssl_ca_certs",
    "namespace",
    "azure_redis_ad_token",
    "startup_nodes",
});

}  // namespace

void read_router_redis(Reader& reader, const yaml::Node& section, RouterSettings& settings) {
    RedisDraft draft;
    for (const yaml::Member& member : section.members) {
        const Entry entry{"router_settings", member.key, member.value};
        if (const auto* field = find_field<RedisDraft>(kRouterRedisFields, entry.name())) {
            field->read(reader, entry, draft);
        }
        if (entry.name() == "cache_kwargs" && reader.is_map(entry)) {
            read_section<RedisDraft>(reader, "router_settings.cache_kwargs", *entry.value,
                                     kRedisFields, kOfLibrary, draft);
        }
    }
    finish_redis(reader, "`router_settings.redis_url`", draft);
    if (draft.settings.host.empty()) return;
    settings.redis = std::make_shared<const RedisSettings>(std::move(draft.settings));
}

}  // namespace patchbay
