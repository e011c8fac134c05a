#include "config/cache_settings.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include "config/cache_redis.hpp"
#include "config/sections.hpp"

namespace patchbay {
namespace {

constexpr std::string_view kParams = "litellm_settings.cache_params";

/// The settings while they are read.
struct CacheDraft {
    CacheSettings settings;
    RedisDraft redis;
    std::optional<CacheType> type;
    Place type_place;
    bool semantic = false;
    std::optional<double> threshold;
    std::string embedding_model = "text-embedding-ada-002";  // LiteLLM's
    std::optional<std::chrono::milliseconds> ttl;
};

/// A type that LiteLLM has, or of our own: `local-semantic`, `disk-semantic`.
struct TypeRow {
    std::string_view name;
    std::optional<CacheType> type;  ///< nullopt: it is not done
    bool semantic = false;
};
constexpr auto kTypes = std::to_array<TypeRow>({{"local", CacheType::local},
                                                {"disk", CacheType::disk},
                                                {"redis", CacheType::redis},
                                                {"local-semantic", CacheType::local, true},
                                                {"disk-semantic", CacheType::disk, true},
                                                {"redis-semantic", CacheType::redis, true},
                                                {"valkey-semantic", CacheType::redis, true},
                                                {"qdrant-semantic", std::nullopt},
                                                {"s3", std::nullopt},
                                                {"gcs", std::nullopt},
                                                {"azure-blob", std::nullopt}});

void read_type(Reader& reader, const Entry& entry, CacheDraft& draft) {
    std::string name;
    reader.read(entry, name);
    if (name.empty()) return;
    const auto* const row = std::find_if(kTypes.begin(), kTypes.end(),
                                         [&](const TypeRow& one) { return one.name == name; });
    if (row == kTypes.end()) {
        return reader.wrong(entry, "`local`, `disk` or `redis`, or one of these with `-semantic`");
    }
    draft.type_place = entry.place();
    draft.type = row->type.value_or(CacheType::local);
    draft.semantic = row->semantic;
    if (row->type) return;
    reader.problems().left_out(
        entry.place(), entry.quoted() + ": `" + name +
                           "` is known to LiteLLM but not done by Patchbay yet: answers are kept "
                           "in this process only (`local`)");
}

void read_mode(Reader& reader, const Entry& entry, CacheDraft& draft) {
    std::string mode;
    reader.read(entry, mode);
    if (mode.empty()) return;
    draft.settings.opt_in = mode == "default_off";
    if (mode != "default_on" && mode != "default_off") {
        reader.wrong(entry, "`default_on` or `default_off`");
    }
}

struct ScopeRow {
    std::string_view name;
    CacheScope scope;
};
constexpr auto kScopes = std::to_array<ScopeRow>(
    {{"shared", CacheScope::shared}, {"team", CacheScope::team}, {"key", CacheScope::key}});

void read_scope(Reader& reader, const Entry& entry, CacheDraft& draft) {
    std::string scope;
    reader.read(entry, scope);
    if (scope.empty()) return;
    const auto* const row = std::find_if(std::begin(kScopes), std::end(kScopes),
                                         [&](const ScopeRow& one) { return one.name == scope; });
    if (row == std::end(kScopes)) return reader.wrong(entry, "`shared`, `team` or `key`");
    draft.settings.scope = row->scope;
}

void read_call_types(Reader& reader, const Entry& entry, CacheDraft& draft) {
    std::vector<std::string> types;
    if (entry.value->kind == yaml::Node::Kind::null) return;
    reader.read(entry, types);
    draft.settings.call_types = std::move(types);
}

// What makes a shard of the memory useless is refused: a cache is never that small on purpose.
template <auto Member, int Shift>
void read_size(Reader& reader, const Entry& entry, CacheDraft& draft) {
    constexpr std::int64_t kMost = std::int64_t{1} << 44;
    std::optional<std::int64_t> number;
    reader.read(entry, number);
    if (!number) return;
    if (*number < 1 || *number > kMost >> Shift) {
        return reader.wrong(entry, "a size of at least 1 and at most 16 TiB");
    }
    draft.settings.*Member = static_cast<std::uint64_t>(*number) << Shift;
}

constexpr int kKilo = 10;
constexpr int kMega = 20;

void read_threshold(Reader& reader, const Entry& entry, CacheDraft& draft) {
    reader.read(entry, draft.threshold);
    if (draft.threshold && !(*draft.threshold > 0 && *draft.threshold <= 1)) {
        reader.wrong(entry, "a number above 0 and at most 1");
    }
}

void read_embedding_model(Reader& reader, const Entry& entry, CacheDraft& draft) {
    reader.read(entry, draft.embedding_model);
}

void read_ttl(Reader& reader, const Entry& entry, CacheDraft& draft) {
    reader.read(entry, draft.ttl);
}

template <auto Member>
void into_settings(Reader& reader, const Entry& entry, CacheDraft& draft) {
    reader.read(entry, draft.settings.*Member);
}

constexpr std::array kFields = {
    Field<CacheDraft>{"type", read_type},
    Field<CacheDraft>{"mode", read_mode},
    Field<CacheDraft>{"scope", read_scope},
    Field<CacheDraft>{"ttl", read_ttl},
    Field<CacheDraft>{"namespace", into_settings<&CacheSettings::name_space>},
    Field<CacheDraft>{"supported_call_types", read_call_types},
    Field<CacheDraft>{"max_size_mb", read_size<&CacheSettings::bytes, kMega>},
    Field<CacheDraft>{"max_item_size_kb", read_size<&CacheSettings::item_bytes, kKilo>},
    Field<CacheDraft>{"similarity_threshold", read_threshold},
    Field<CacheDraft>{"redis_semantic_cache_embedding_model", read_embedding_model},
    Field<CacheDraft>{"valkey_semantic_cache_embedding_model", read_embedding_model},
    Field<CacheDraft>{"semantic_cache_embedding_model", read_embedding_model},
    Field<CacheDraft>{"disk_cache_dir", into_settings<&CacheSettings::directory>},
    Field<CacheDraft>{"disk_max_size_mb", read_size<&CacheSettings::disk_bytes, kMega>},
};

// Of the types that are not done: one line about the type says it.
constexpr auto kOfOtherTypes = std::to_array<std::string_view>({
    "host",
    "port",
    "password",
    "username",
    "url",
    "ssl",
    "db",
    "redis_startup_nodes",
    "service_name",
    "sentinel_nodes",
    "sentinel_password",
    "gcp_service_account",
    "gcp_ssl_ca_certs",
    "max_connections",
    "redis_flush_size",
    "default_in_memory_ttl",
    "default_in_redis_ttl",
    "redis_semantic_cache_index_name",
    "valkey_semantic_cache_index_name",
    "qdrant_api_base",
    "qdrant_api_key",
    "qdrant_collection_name",
    "qdrant_quantization_config",
    "qdrant_semantic_cache_embedding_model",
    "qdrant_semantic_cache_vector_size",
    "s3_bucket_name",
    "s3_region_name",
    "s3_api_version",
    "s3_path",
    "s3_use_ssl",
    "s3_verify",
    "s3_endpoint_url",
    "s3_aws_access_key_id",
    "s3_aws_secret_access_key",
    "s3_aws_session_token",
    "s3_config",
    "gcs_bucket_name",
    "gcs_path_service_account",
    "gcs_path",
    "azure_account_url",
    "azure_blob_container",
});

void read_params(Reader& reader, const yaml::Node& params, CacheDraft& draft) {
    for (const yaml::Member& member : params.members) {
        const Entry entry{kParams, member.key, member.value};
        if (const auto* field = find_field<CacheDraft>(kFields, entry.name())) {
            field->read(reader, entry, draft);
        } else if (const auto* of_redis = find_field<RedisDraft>(kRedisFields, entry.name())) {
            of_redis->read(reader, entry, draft.redis);
        } else if (!contains(kOfOtherTypes, entry.name())) {
            warn_unknown(reader, entry, names_of(kFields), kOfOtherTypes);
        }
    }
}

// As LiteLLM: where an address of Redis is known that is where answers are kept, unless a type is
// named.
void choose_type(Reader& reader, CacheDraft& draft) {
    CacheSettings& settings = draft.settings;
    if (!draft.type || draft.type == CacheType::redis) {
        finish_redis_with_environment(reader, "`litellm_settings.cache_params.url`", draft.redis);
    }
    settings.redis = draft.redis.settings;
    const bool address = !settings.redis.host.empty();
    settings.type = draft.type.value_or(address ? CacheType::redis : CacheType::local);
    if (settings.type == CacheType::redis && !address) {
        settings.type = CacheType::local;
        if (!draft.redis.told_nodes) {
            reader.problems().error(draft.type_place,
                                    "`litellm_settings.cache_params.type`: `redis` needs `host` or "
                                    "`url`, or the variable REDIS_HOST or REDIS_URL");
        }
    }
    constexpr std::chrono::minutes kOfRedis{1};
    if (settings.type == CacheType::redis) settings.ttl = kOfRedis;
    settings.ttl = draft.ttl.value_or(settings.ttl);
}

void finish_semantic(Reader& reader, CacheDraft& draft) {
    if (!draft.semantic) return;
    if (!draft.threshold) {
        reader.problems().error(draft.type_place,
                                "`litellm_settings.cache_params.type`: a semantic cache needs "
                                "`similarity_threshold`, above 0 and at most 1");
        return;
    }
    draft.settings.semantic =
        SemanticSettings{static_cast<float>(*draft.threshold), std::move(draft.embedding_model)};
}

}  // namespace

void read_cache(Reader& reader, const yaml::Node& section, LitellmSettings& settings) {
    CacheDraft draft;
    bool on = false;
    for (const yaml::Member& member : section.members) {
        const Entry entry{"litellm_settings", member.key, member.value};
        if (entry.name() == "cache") reader.read(entry, on);
        if (entry.name() == "cache") draft.settings.place = entry.place();
    }
    if (!on) return;
    for (const yaml::Member& member : section.members) {
        const Entry entry{"litellm_settings", member.key, member.value};
        if (entry.name() == "cache_params" && reader.is_map(entry)) {
            read_params(reader, *entry.value, draft);
        }
    }
    choose_type(reader, draft);
    finish_semantic(reader, draft);
    settings.cache = std::make_shared<const CacheSettings>(std::move(draft.settings));
}

}  // namespace patchbay
