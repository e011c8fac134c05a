#include "config/cache_settings.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include "config/sections.hpp"

namespace patchbay {
namespace {

constexpr std::string_view kParams = "litellm_settings.cache_params";

/// A type that LiteLLM has.
struct TypeRow {
    std::string_view name;
    std::optional<CacheType> type;  ///< nullopt: it is not done
};
constexpr auto kTypes = std::to_array<TypeRow>({{"local", CacheType::local},
                                                {"disk", std::nullopt},
                                                {"redis", std::nullopt},
                                                {"redis-semantic", std::nullopt},
                                                {"valkey-semantic", std::nullopt},
                                                {"qdrant-semantic", std::nullopt},
                                                {"s3", std::nullopt},
                                                {"gcs", std::nullopt},
                                                {"azure-blob", std::nullopt}});

void read_type(Reader& reader, const Entry& entry, CacheSettings& settings) {
    std::string name;
    reader.read(entry, name);
    if (name.empty()) return;
    const auto* const row = std::find_if(kTypes.begin(), kTypes.end(),
                                         [&](const TypeRow& one) { return one.name == name; });
    if (row == kTypes.end()) {
        return reader.wrong(entry, "`local`");
    }
    if (row->type) {
        settings.type = *row->type;
        return;
    }
    reader.problems().left_out(
        entry.place(), entry.quoted() + ": `" + name +
                           "` is known to LiteLLM but not done by Patchbay yet: answers are kept "
                           "in this process only (`local`)");
}

void read_mode(Reader& reader, const Entry& entry, CacheSettings& settings) {
    std::string mode;
    reader.read(entry, mode);
    if (mode.empty()) return;
    settings.opt_in = mode == "default_off";
    if (mode != "default_on" && mode != "default_off") {
        reader.wrong(entry, "`default_on` or `default_off`");
    }
}

void read_scope(Reader& reader, const Entry& entry, CacheSettings& settings) {
    std::string scope;
    reader.read(entry, scope);
    if (scope.empty()) return;
    settings.scope = scope == "key" ? CacheScope::key : CacheScope::shared;
    if (scope != "shared" && scope != "key") reader.wrong(entry, "`shared` or `key`");
}

void read_call_types(Reader& reader, const Entry& entry, CacheSettings& settings) {
    std::vector<std::string> types;
    if (entry.value->kind == yaml::Node::Kind::null) return;
    reader.read(entry, types);
    settings.call_types = std::move(types);
}

// What makes a shard of the memory useless is refused: a cache is never that small on purpose.
template <auto Member, int Shift>
void read_size(Reader& reader, const Entry& entry, CacheSettings& settings) {
    constexpr std::int64_t kMost = std::int64_t{1} << 44;
    std::optional<std::int64_t> number;
    reader.read(entry, number);
    if (!number) return;
    if (*number < 1 || *number > kMost >> Shift) {
        return reader.wrong(entry, "a size of at least 1 and at most 16 TiB");
    }
    settings.*Member = static_cast<std::uint64_t>(*number) << Shift;
}

constexpr int kKilo = 10;
constexpr int kMega = 20;

constexpr std::array kFields = {
    Field<CacheSettings>{"type", read_type},
    Field<CacheSettings>{"mode", read_mode},
    Field<CacheSettings>{"scope", read_scope},
    Field<CacheSettings>{"ttl", into<&CacheSettings::ttl>},
    Field<CacheSettings>{"namespace", into<&CacheSettings::name_space>},
    Field<CacheSettings>{"supported_call_types", read_call_types},
    Field<CacheSettings>{"max_size_mb", read_size<&CacheSettings::bytes, kMega>},
    Field<CacheSettings>{"max_item_size_kb", read_size<&CacheSettings::item_bytes, kKilo>},
    Field<CacheSettings>{"disk_cache_dir", into<&CacheSettings::directory>},
    Field<CacheSettings>{"disk_max_size_mb", read_size<&CacheSettings::disk_bytes, kMega>},
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
    "similarity_threshold",
    "redis_semantic_cache_embedding_model",
    "redis_semantic_cache_index_name",
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

void read_params(Reader& reader, const yaml::Node& params, CacheSettings& settings) {
    for (const yaml::Member& member : params.members) {
        const Entry entry{kParams, member.key, member.value};
        if (const auto* field = find_field<CacheSettings>(kFields, entry.name())) {
            field->read(reader, entry, settings);
        } else if (!contains(kOfOtherTypes, entry.name())) {
            warn_unknown(reader, entry, names_of(kFields), kOfOtherTypes);
        }
    }
}

}  // namespace

void read_cache(Reader& reader, const yaml::Node& section, LitellmSettings& settings) {
    auto cache = std::make_shared<CacheSettings>();
    bool on = false;
    for (const yaml::Member& member : section.members) {
        const Entry entry{"litellm_settings", member.key, member.value};
        if (entry.name() == "cache") {
            reader.read(entry, on);
            cache->place = entry.place();
        } else if (entry.name() == "cache_params" && reader.is_map(entry)) {
            read_params(reader, *entry.value, *cache);
        }
    }
    if (on) settings.cache = std::move(cache);
}

}  // namespace patchbay
