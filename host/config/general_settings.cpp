#include <algorithm>
#include <array>

#include "config/budget_keys.hpp"
#include "config/header_text.hpp"
#include "config/health_keys.hpp"
#include "config/known_keys.hpp"
#include "config/load_keys.hpp"
#include "config/newer_general_keys.hpp"
#include "config/reference.hpp"
#include "config/sections.hpp"

namespace patchbay {
namespace {

/// Why no client could ever send this key; empty = one can.
std::string_view no_client_sends(std::string_view key) {
    if (key != without_blank_ends(key)) return "white space stands at its ends";
    if (!fits_header(key)) return "a control character stands in it";
    return {};
}

constexpr std::string_view kNoKey =
    " is given, but empty: give it a key, or take it out to serve without one";

// A key that was asked for and is not there leaves the door open that the operator believes to be
// shut, so whatever is wrong with it is an error. White space is not taken off here: the clients
// would be given another key than the one that is configured.
void read_master_key(Reader& reader, const Entry& entry, GeneralSettings& settings) {
    constexpr auto kScalar = yaml::Node::Kind::scalar;
    if (entry.value->kind == yaml::Node::Kind::null) return;
    if (entry.value->kind != kScalar) return reader.wrong(entry, "text");
    const auto refuse = [&](const std::string& why) {
        reader.problems().error(entry.place(), entry.quoted() + why);
    };
    if (const std::string name = meant_reference(entry.value->text); !name.empty()) {
        return refuse(
            " looks like a reference to a variable, but is taken as it stands, so that everybody "
            "who sees this file has the key; write `os.environ/" +
            name + "`");
    }
    const auto found = reader.scalar(*entry.value);
    if (!found) return;
    const auto* key = std::get_if<std::string>(&found->value);
    if (key == nullptr) {
        return reader.wrong(entry.quoted(), entry.place(), "text", kind_name(found->value));
    }
    if (key->empty()) return refuse(std::string(kNoKey));
    const auto why = found->trimmed ? no_client_sends(" ") : no_client_sends(*key);
    if (!why.empty()) return refuse(": no client can send this key: " + std::string(why));
    settings.master_key = Secret(*key);
}

void read_key_of_environment(Reader& reader, const Entry* null_key, GeneralSettings& settings) {
    constexpr const char* kVariable = "LITELLM_MASTER_KEY";
    auto key = reader.environment() ? reader.environment()(kVariable) : std::nullopt;
    if (!key) {
        if (null_key == nullptr) return;
        return reader.problems().error(null_key->place(), null_key->quoted() + std::string(kNoKey));
    }
    const auto refuse = [&](const std::string& why) {
        reader.problems().error({}, std::string("the environment variable ") + kVariable + why);
    };
    if (key->empty()) return refuse(std::string(kNoKey));
    const auto why = no_client_sends(*key);
    if (!why.empty()) return refuse(": no client can send this key: " + std::string(why));
    settings.master_key = Secret(*std::move(key));
}

bool is_postgres(std::string_view url) {
    return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

// LiteLLM's form is PostgreSQL's; a file of SQLite's is ours. A variable that is not set is an error:
// keys and what they spend would be lost without a word from a gateway that had them.
void read_database_url(Reader& reader, const Entry& entry, GeneralSettings& settings) {
    constexpr std::string_view kSqlite = "sqlite://";
    if (entry.value->kind == yaml::Node::Kind::null) return;
    if (entry.value->kind != yaml::Node::Kind::scalar) return reader.wrong(entry, "text");
    const auto found = reader.scalar(*entry.value);
    if (!found) return;
    const auto* text = std::get_if<std::string>(&found->value);
    const std::string url(text ? without_blank_ends(*text) : "");
    if (is_postgres(url)) {
        settings.ledger = url;
        return;
    }
    if (!url.starts_with("sqlite:")) {
        if (text != nullptr && url.empty()) return;
        return reader.problems().left_out(
            entry.place(),
            entry.quoted() +
                ": expected postgresql://... or sqlite:///absolute/path/of/the/file: "
                "ignored, so keys, teams and spend are not stored");
    }
    if (url.starts_with(kSqlite) && url.size() > kSqlite.size() + 1 && url[kSqlite.size()] == '/') {
        settings.ledger = url.substr(kSqlite.size());
        return;
    }
    reader.problems().error(entry.place(),
                            entry.quoted() + ": write sqlite:///absolute/path/of/the/file");
}

// Where the file names none, LiteLLM takes this one.
void read_database_of_environment(Reader& reader, GeneralSettings& settings) {
    auto url = reader.environment() ? reader.environment()("DATABASE_URL") : std::nullopt;
    if (settings.ledger.empty() && url && is_postgres(without_blank_ends(*url))) {
        settings.ledger = without_blank_ends(*url);
    }
}

// RFC 9110's token, of which the names of headers are.
bool is_header_name(std::string_view name) {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               kMarks.find(c) != kMarks.npos;
    });
}

// Without it nobody comes in whose key is in this header.
void read_key_header(Reader& reader, const Entry& entry, GeneralSettings& settings) {
    std::string name;
    reader.read(entry, name);
    if (name.empty()) return;
    if (!is_header_name(name)) {
        return reader.wrong(entry.quoted(), entry.place(), "the name of a header", "another text");
    }
    settings.key_header = std::move(name);
}

void read_service_accounts(Reader& reader, const Entry& entry, GeneralSettings& settings) {
    if (!reader.is_map(entry)) return;
    for (const yaml::Member& member : entry.value->members) {
        const Entry part{"general_settings.service_account_settings", member.key, member.value};
        if (part.name() == "enforced_params") {
            reader.read(part, settings.service_account_params);
        } else {
            reader.problems().error(part.place(),
                                    part.quoted() +
                                        " is no rule for service accounts, so requests would go on "
                                        "that it was to refuse: enforced_params is");
        }
    }
}

// `enforce_user_param` is `enforced_params: [user]`, beside what that has.
void add_user_param(Reader& reader, const Entry& section, GeneralSettings& settings) {
    std::optional<bool> enforce;
    for (const yaml::Member& member : section.value->members) {
        if (member.key->text != "enforce_user_param") continue;
        reader.read(Entry{section.name(), member.key, member.value}, enforce);
    }
    std::vector<std::string>& params = settings.enforced_params;
    const bool named = std::find(params.begin(), params.end(), "user") != params.end();
    if (enforce.value_or(false) && !named) params.emplace_back("user");
}

// Read before or behind the others of its section.
void read_nothing(Reader&, const Entry&, GeneralSettings&) {}

constexpr std::array kFields = {
    Field<GeneralSettings>{"master_key", read_nothing},
    Field<GeneralSettings>{"database_url", read_database_url},
    Field<GeneralSettings>{"max_request_size_mb", read_max_request_size},
    Field<GeneralSettings>{"max_response_size_mb", read_max_response_size},
    Field<GeneralSettings>{"global_max_parallel_requests",
                           into<&GeneralSettings::global_max_parallel_requests>},
    Field<GeneralSettings>{"forward_client_headers_to_llm_api",
                           into<&GeneralSettings::forward_client_headers>},
    Field<GeneralSettings>{"enforced_params", into<&GeneralSettings::enforced_params>},
    Field<GeneralSettings>{"enforce_user_param", read_nothing},
    Field<GeneralSettings>{"service_account_settings", read_service_accounts},
    Field<GeneralSettings>{"litellm_key_header_name", read_key_header},
    Field<GeneralSettings>{"reject_clientside_metadata_tags",
                           into<&GeneralSettings::reject_clientside_metadata_tags>},
    Field<GeneralSettings>{"disable_responses_id_security",
                           into<&GeneralSettings::disable_responses_id_security>},
    Field<GeneralSettings>{"allow_unmanaged_response_ids",
                           into<&GeneralSettings::allow_unmanaged_response_ids>},
    Field<GeneralSettings>{"allow_requests_on_db_unavailable",
                           into<&GeneralSettings::allow_on_db_unavailable>},
    Field<GeneralSettings>{"enforce_fallback_model_access",
                           into<&GeneralSettings::enforce_fallback_model_access>},
    Field<GeneralSettings>{"apply_user_budget_to_team_keys",
                           into<&GeneralSettings::apply_user_budget_to_team_keys>},
    Field<GeneralSettings>{"disable_custom_api_keys",
                           into<&GeneralSettings::disable_custom_api_keys>},
    Field<GeneralSettings>{"maximum_spend_logs_retention_period", read_spend_logs_kept},
    Field<GeneralSettings>{"maximum_spend_logs_retention_interval", read_spend_logs_interval},
    Field<GeneralSettings>{"completion_model", into<&GeneralSettings::completion_model>},
    Field<GeneralSettings>{"embedding_model", into<&GeneralSettings::embedding_model>},
    Field<GeneralSettings>{"image_generation_model",
                           into<&GeneralSettings::image_generation_model>},
    Field<GeneralSettings>{"moderation_model", into<&GeneralSettings::moderation_model>},
    // read_loop_bounds() reads these together,
    Field<GeneralSettings>{"max_in_flight_requests_per_worker", read_nothing},
    Field<GeneralSettings>{"max_queued_requests_per_worker", read_nothing},
    Field<GeneralSettings>{"admission_queue_timeout_seconds", read_nothing},
    // and read_access() these.
    Field<GeneralSettings>{"allowed_ips", read_nothing},
    Field<GeneralSettings>{"use_x_forwarded_for", read_nothing},
    Field<GeneralSettings>{"trusted_proxy_ranges", read_nothing},
    Field<GeneralSettings>{"allowed_routes", read_nothing},
    Field<GeneralSettings>{"admin_only_routes", read_nothing},
    Field<GeneralSettings>{"user_header_name", read_user_header},
    Field<GeneralSettings>{"user_header_mappings", read_user_headers},
    Field<GeneralSettings>{"alert_to_webhook_url", read_alert_urls},
    Field<GeneralSettings>{"alerting", read_alerting},
    Field<GeneralSettings>{"background_health_checks", read_background_checks},
    Field<GeneralSettings>{"health_check_interval", read_check_interval},
    Field<GeneralSettings>{"health_check_details", read_check_details},
    Field<GeneralSettings>{"health_check_concurrency", read_check_concurrency},
    Field<GeneralSettings>{"health_check_skip_disabled_background_models", read_skip_disabled},
    Field<GeneralSettings>{"background_health_check_model_groups", read_checked_groups},
    Field<GeneralSettings>{"enable_health_check_routing",
                           read_health_routing<&HealthRouting::on, GeneralSettings>},
    Field<GeneralSettings>{"health_check_staleness_threshold",
                           read_health_routing<&HealthRouting::staleness, GeneralSettings>},
    Field<GeneralSettings>{"health_check_ignore_transient_errors",
                           read_health_routing<&HealthRouting::ignore_transient, GeneralSettings>},
};

constexpr auto kOlderKeys = std::to_array<std::string_view>({
    // Database.
    "database_connection_pool_limit",
    "database_connection_timeout",
    "database_connection_pool_timeout",
    "database_type",
    "database_args",
    "disable_prisma_schema_update",
    // Who may call.
    "custom_auth",
    "custom_auth_run_common_checks",
    "custom_key_generate",
    "custom_key_update",
    "custom_sso",
    "custom_ui_sso_sign_in_handler",
    "enable_jwt_auth",
    "litellm_jwtauth",
    "enable_oauth2_auth",
    "enable_oauth2_proxy_auth",
    "oauth2_config_mappings",
    "role_permissions",
    "enforce_rbac",
    "allow_user_auth",
    "public_routes",
    "user_api_key_cache_ttl",
    "disable_master_key_return",
    "disable_adding_master_key_hash_to_db",
    "default_team_disabled",
    "allow_client_side_credentials",
    "dangerously_permit_weak_or_unset_master_key",
    "default_key_expiry",
    "litellm_license",
    // Keys kept elsewhere.
    "key_management_system",
    "key_management_settings",
    "use_google_kms",
    "use_azure_key_vault",
    // Spend.
    "disable_spend_logs",
    "disable_spend_updates",
    "disable_error_logs",
    "disable_reset_budget",
    "store_prompts_in_spend_logs",
    "maximum_spend_logs_cleanup_cron",
    "proxy_batch_write_at",
    "proxy_budget_rescheduler_min_time",
    "proxy_budget_rescheduler_max_time",
    "proxy_batch_polling_interval",
    "use_redis_transaction_buffer",
    "spend_report_frequency",
    "token_rate_limit_type",
    "max_parallel_requests",
    "disable_retry_on_max_parallel_request_limit_error",
    "fail_closed_budget_enforcement",
    "fail_closed_rate_limit_enforcement",
    // Health.
    "use_shared_health_check",
    // Models.
    "store_model_in_db",
    "supported_db_objects",
    "infer_model_from_keys",
    "pass_through_endpoints",
    "use_client_credentials_pass_through_routes",
    "forward_openai_org_id",
    "forward_llm_provider_auth_headers",
    "always_include_stream_usage",
    "search_tools",
    // Alerting.
    "alerting_threshold",
    "alert_types",
    "alerting_args",
    "alert_type_config",
    // The rest.
    "ui_access_mode",
    "auto_redirect_ui_login_to_sso",
    "control_plane_url",
    "user_mcp_management_mode",
    "mcp_client_side_auth_header_name",
    "mcp_internal_ip_ranges",
    "mcp_trusted_proxy_ranges",
    "mcp_required_fields",
    "require_end_user_mcp_access_defined",
    "enable_mcp_registry",
    "coordination_redis",
    "enable_openai_websocket_passthrough",
    "password_policy_min_length",
    "password_policy_require_uppercase",
    "password_policy_require_lowercase",
    "password_policy_require_digit",
    "password_policy_require_special",
});

constexpr auto kNotDone = [] {
    std::array<std::string_view, kOlderKeys.size() + kNewerGeneralKeys.size()> all{};
    std::copy(kNewerGeneralKeys.begin(), kNewerGeneralKeys.end(),
              std::copy(kOlderKeys.begin(), kOlderKeys.end(), all.begin()));
    return all;
}();

constexpr auto kNames = names_of(kFields);

}  // namespace

SectionKeys general_settings_keys() {
    return {"general_settings", kNames, kNotDone};
}

void read_general_settings(Reader& reader, const Entry* section, GeneralSettings& settings) {
    const bool given = section != nullptr && reader.is_map(*section);
    std::optional<Entry> key;
    if (given) {
        for (const yaml::Member& member : section->value->members) {
            if (member.key->text == "master_key") {
                key = Entry{section->name(), member.key, member.value};
            }
        }
    }
    const bool null_key = key && key->value->kind == yaml::Node::Kind::null;
    if (key) read_master_key(reader, *key, settings);
    if (!key || null_key) read_key_of_environment(reader, null_key ? &*key : nullptr, settings);
    // A key that is wrong is an error already; what depends on it need not be one, too.
    if ((key && !null_key) || !settings.master_key.empty()) reader.set_has_master_key();
    if (given) {
        read_section<GeneralSettings>(reader, section->name(), *section->value, kFields, kNotDone,
                                      settings);
        add_user_param(reader, *section, settings);
        read_loop_bounds(reader, *section, settings);
        read_access(reader, *section->value, settings);
    }
    read_database_of_environment(reader, settings);
}

}  // namespace patchbay
