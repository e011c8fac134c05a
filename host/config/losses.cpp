#include "config/losses.hpp"

#include <algorithm>
#include <array>

#include <boost/algorithm/string/predicate.hpp>

#include "config/reference.hpp"
#include "config/section.hpp"

namespace patchbay {
namespace {

constexpr auto kRecord = Loss::record;
constexpr auto kDoor = Loss::door;
constexpr auto kDoorToKey = Loss::door_to_key;

constexpr std::string_view kOtherCallers =
    "callers would be let in whom it was to refuse: set `general_settings.master_key`, then that "
    "key alone opens";
constexpr std::string_view kRoles =
    "every caller would have every right: set `general_settings.master_key`, then that key alone "
    "opens";
constexpr std::string_view kUnguarded =
    "requests would go on that it was to stop or to change: write it as one of the `guardrails` "
    "(docs/guardrails.md)";
constexpr std::string_view kSpend = "spend is not capped";
constexpr std::string_view kLoad = "load is not limited by it";
constexpr std::string_view kNotRefused = "requests that it was to refuse are not refused";
constexpr std::string_view kKeyMakers = "keys are made and changed that it was to refuse";
constexpr std::string_view kUnlimitedKeys =
    "keys are made without these limits: write them into each `/key/generate`";
constexpr std::string_view kUnlimitedUsers = "users are made without these limits and this role";
constexpr std::string_view kNoSink = "these sinks get no records";

// Sorted by what is lost. A key that is not here is a comfort.
constexpr auto kLosses = std::to_array<LossRow>({
    // Who may come in.
    {"custom_auth", kDoorToKey, kOtherCallers},
    {"enable_jwt_auth", kDoorToKey, kOtherCallers},
    {"enable_oauth2_auth", kDoorToKey, kOtherCallers},
    {"enable_oauth2_proxy_auth", kDoorToKey, kOtherCallers},
    {"enforce_rbac", kDoorToKey, kRoles},
    {"role_permissions", kDoorToKey, kRoles},
    // What may pass.
    {"pre_call_rules", kDoor, kUnguarded},
    {"post_call_rules", kDoor, kUnguarded},
    {"guardrails_ai", kDoor, kUnguarded},
    {"guardrail_list", kDoor, kUnguarded},
    {"policies", kDoor, kUnguarded},
    {"policy_attachments", kDoor, kUnguarded},
    {"blocked_user_list", kDoor,
     "these users would be served: take it out, and refuse them before the gateway"},
    {"banned_keywords_list", kDoor,
     "these words would pass: write a guardrail `litellm_content_filter` with `blocked_words` "
     "(docs/guardrails.md)"},
    // Money.
    {"max_budget", kRecord, kSpend, "0"},
    {"budget_duration", kRecord, kSpend},
    {"default_end_user_params", kRecord, kSpend},
    {"max_user_budget", kRecord, kSpend},
    {"self_serve_budget_policy", kRecord, kSpend},
    {"fail_closed_budget_enforcement", kRecord, kSpend},
    {"timezone", kRecord, "the days and months of budgets begin at midnight in UTC"},
    {"budget_reset_time", kRecord, "the days and months of budgets begin at midnight"},
    // Load.
    {"priority_reservation", kRecord, kLoad},
    {"tpd", kRecord, kLoad},
    {"rpd", kRecord, kLoad},
    {"max_parallel_requests", kRecord,
     "load is not limited by it, nor is it by LiteLLM, which knows the key and asks for it "
     "nowhere: write `global_max_parallel_requests`, or `max_parallel_requests` of keys"},
    {"fail_closed_rate_limit_enforcement", kRecord, kLoad},
    // Who is asked to say who they are.
    {"vertex_ai_safety_settings", kRecord, "the provider's own safety settings hold"},
    // Who may make keys.
    {"custom_key_generate", kRecord, kKeyMakers},
    {"custom_key_update", kRecord, kKeyMakers},
    {"custom_key_policy", kRecord, kKeyMakers},
    {"default_team_disabled", kRecord, kKeyMakers},
    {"disable_key_generate_for_org_admin", kRecord, kKeyMakers},
    // Records and notices.
    {"database_url", kRecord, "keys, teams, spend and models are not stored in it"},
    {"store_model_in_db", kRecord, "models that were stored in a database are not served"},
    {"store_prompts_in_spend_logs", kRecord, "prompts are not stored"},
    {"disable_spend_logs", kRecord, "each call has its entry in the books"},
    {"disable_spend_updates", kRecord, "what calls cost is in the books"},
    {"disable_error_logs", kRecord, "calls that fail have their entries in the books, too"},
    {"disable_reset_budget", kRecord, "budgets begin anew with their periods"},
    {"pass_through_endpoints", kRecord, "these routes are not served"},
    {"key_management_system", kRecord, "secrets are looked up in the environment alone"},
    {"use_azure_key_vault", kRecord, "secrets are looked up in the environment alone"},
    {"use_google_kms", kRecord, "secrets are looked up in the environment alone"},
    {"default_key_expiry", kRecord, kUnlimitedKeys},
    {"audit_log_callbacks", kRecord, "the audit log is in the books alone (docs/keys.md)"},
    {"service_callback", kRecord, kNoSink},
    {"service_callbacks", kRecord, kNoSink},
    {"input_callback", kRecord, kNoSink},
    {"default_team_settings", kRecord, "the sinks of teams get no records"},
    {"cold_storage_custom_logger", kRecord, kNoSink},
    {"extra_spend_tag_headers", kRecord, "records do not have the tags of these headers"},
    {"disable_requester_ip_address_logging", kRecord, "clients' addresses are in log and records"},
    {"redact_messages_in_exceptions", kRecord, "what providers say in errors is logged as it is"},
    // Keys that are done: what their loss means if they stand in the wrong section.
    {"master_key", kDoorToKey, "nobody would be asked for a key"},
    {"admin_only_routes", kDoorToKey, "keys would be let in that it was to refuse"},
    // A key does not know addresses or routes, so these are not less with one.
    {"allowed_ips", kDoor, "every address would be let in"},
    {"allowed_routes", kDoor, "every route would be open"},
    {"trusted_proxy_ranges", kDoor, "anybody could say which address a request is from"},
    {"require_auth_for_metrics_endpoint", kDoor, "/metrics would be read without a key"},
    {"guardrails", kDoor, "requests would go on that they were to stop or to change"},
    {"callbacks", kRecord, kNoSink},
    {"success_callback", kRecord, kNoSink},
    {"failure_callback", kRecord, kNoSink},
    {"turn_off_message_logging", kRecord, "texts are in the records"},
    {"global_max_parallel_requests", kRecord, kLoad},
    {"max_in_flight_requests_per_worker", kRecord, kLoad},
    {"max_queued_requests_per_worker", kRecord, kLoad},
    {"max_response_size_mb", kRecord, "answers are not limited in size"},
    {"enforced_params", kRecord, kNotRefused},
    {"enforce_user_param", kRecord, kNotRefused},
    {"reject_clientside_metadata_tags", kRecord, kNotRefused},
    {"max_internal_user_budget", kRecord, kSpend},
    {"internal_user_budget_duration", kRecord, kSpend},
    {"default_max_internal_user_budget", kRecord, kSpend},
    {"default_internal_user_params", kRecord, kUnlimitedUsers},
    {"default_team_params", kRecord, "teams are made without these limits"},
    {"upperbound_key_generate_params", kRecord, kUnlimitedKeys},
    {"default_key_generate_params", kRecord, kUnlimitedKeys},
    {"service_account_settings", kRecord, kNotRefused},
    {"key_generation_settings", kRecord, kKeyMakers},
    {"disable_custom_api_keys", kRecord, kKeyMakers},
    {"apply_user_budget_to_team_keys", kRecord, "keys of teams do not count for their user"},
    {"validate_end_user_id_in_db", kRecord, "whatever a request names is a customer"},
    {"litellm_key_header_name", kRecord, "a key that comes in this header is not seen"},
    // With a value that Patchbay keeps anyway.
    {"store_audit_logs", Loss::comfort, {}, "true"},
    {"use_chat_completions_url_for_anthropic_messages", Loss::comfort, {}, "true"},
    {"return_response_headers", Loss::comfort, {}, "true"},
    {"disable_end_user_cost_tracking_prometheus_only", Loss::comfort, {}, "true"},
    {"ignore_invalid_deployments", Loss::comfort, {}, "true"},
    {"disable_prisma_schema_update", Loss::comfort, {}, "true"},
    {"disable_master_key_return", Loss::comfort, {}, "true"},
    {"disable_adding_master_key_hash_to_db", Loss::comfort, {}, "true"},
    {"disable_hf_tokenizer_download", Loss::comfort, {}, "true"},
    {"disable_aiohttp_transport", Loss::comfort, {}, "true"},
    {"aiohttp_trust_env", Loss::comfort, {}, "true"},
    {"user_url_validation", Loss::comfort, {}, "true"},
    {"telemetry", Loss::comfort, {}, "true"},
    {"cancel_on_disconnect", Loss::comfort, {}, "true"},
    {"suppress_debug_info", Loss::comfort, {}, "true"},
    {"hide_default_credentials_hint", Loss::comfort, {}, "true"},
    {"disable_env_credential_login", Loss::comfort, {}, "true"},
    {"use_aiohttp_transport", Loss::comfort, {}, "true"},
    {"disable_model_info_refresh", Loss::comfort, {}, "true"},
});

/// What a scalar's text asks for.
bool text_asks(std::string_view text, std::string_view kept) {
    const auto is = [&](std::string_view other) { return boost::algorithm::iequals(text, other); };
    if (text.empty() || is("~") || is("null") || is("false") || is("no") || is("off")) return false;
    return kept.empty() || !is(kept);
}

}  // namespace

const LossRow& loss_of(std::string_view key) {
    static constexpr LossRow kComfort;
    const auto found = std::find_if(kLosses.begin(), kLosses.end(),
                                    [&](const LossRow& row) { return row.key == key; });
    return found == kLosses.end() ? kComfort : *found;
}

bool is_guard(std::string_view key) {
    const Loss loss = loss_of(key).loss;
    return loss == Loss::door || loss == Loss::door_to_key;
}

bool asks_for_something(Reader& reader, std::string_view key, const yaml::Node& value) {
    switch (value.kind) {
        case yaml::Node::Kind::null:
            return false;
        case yaml::Node::Kind::list:
            return !value.items.empty();
        case yaml::Node::Kind::map:
            return !value.members.empty();
        case yaml::Node::Kind::scalar:
            break;
    }
    const std::string_view kept = loss_of(key).kept;
    const auto reference = parse_reference(value.text);
    if (!reference) return text_asks(value.text, kept);
    const auto text = reader.environment()(reference->variable);
    return !text || text_asks(*text, kept);
}

void warn_not_done(Reader& reader, const Entry& entry) {
    if (!asks_for_something(reader, entry.name(), *entry.value)) return;
    const LossRow& row = loss_of(entry.name());
    const Place place = entry.key->place();
    std::string message = entry.quoted() + " is known to LiteLLM but not done by Patchbay yet";
    switch (row.loss) {
        case Loss::comfort:
            return reader.problems().warning(place, message + ": ignored");
        case Loss::record:
            return reader.problems().left_out(place,
                                              message.append(": ignored, so ").append(row.words));
        case Loss::door_to_key:
            if (!reader.has_master_key()) break;
            return reader.problems().left_out(place, message +
                                                         ": only the master key opens, with every "
                                                         "right");
        case Loss::door:
            break;
    }
    reader.problems().error(place, message.append(", and without it ").append(row.words));
}

}  // namespace patchbay
