#include <array>

#include "config/budget_keys.hpp"
#include "config/fallback_settings.hpp"
#include "config/known_keys.hpp"
#include "config/sections.hpp"

namespace patchbay {
namespace {

void read_ssl(Reader& reader, const Entry& entry, LitellmSettings& settings) {
    settings.ssl_verify = read_ssl_verify(reader, entry).value_or(settings.ssl_verify);
}

// LiteLLM takes whatever is not nothing for true here; a list of names was meant for another key.
void read_drop_params(Reader& reader, const Entry& entry, LitellmSettings& settings) {
    if (!tell_list_of_params(reader, entry)) reader.read(entry, settings.drop_params);
}

void read_nothing(Reader&, const Entry&, LitellmSettings&) {}

void read_not_customers(Reader& reader, const Entry& entry, LitellmSettings& settings) {
    bool disable = !settings.book_customers;
    reader.read(entry, disable);
    settings.book_customers = !disable;
}

template <auto Member>
void into_logging(Reader& reader, const Entry& entry, LitellmSettings& settings) {
    reader.read(entry, settings.logging.*Member);
}

template <auto Member>
void into_links(Reader& reader, const Entry& entry, LitellmSettings& settings) {
    reader.read(entry, settings.links.*Member);
}

void read_vertex(Reader& reader, const Entry& entry, const char* setting,
                 LitellmSettings& settings) {
    std::string text;
    reader.read(entry, text);
    if (!text.empty()) settings.vertex_ai[setting] = text;
}

constexpr std::array kOwnFields = {
    Field<LitellmSettings>{"drop_params", read_drop_params},
    Field<LitellmSettings>{"modify_params", into<&LitellmSettings::modify_params>},
    Field<LitellmSettings>{"num_retries", into<&LitellmSettings::num_retries>},
    Field<LitellmSettings>{"request_timeout", into<&LitellmSettings::request_timeout>},
    Field<LitellmSettings>{"ssl_verify", read_ssl},
    Field<LitellmSettings>{"set_verbose", into<&LitellmSettings::set_verbose>},
    Field<LitellmSettings>{"json_logs", into<&LitellmSettings::json_logs>},
    Field<LitellmSettings>{"sse_keepalive_ping_interval_seconds",
                           into<&LitellmSettings::keepalive>},
    Field<LitellmSettings>{"anthropic_sse_ping_interval_seconds",
                           into<&LitellmSettings::messages_keepalive>},
    Field<LitellmSettings>{"include_cost_in_streaming_usage",
                           into<&LitellmSettings::cost_in_streams>},
    Field<LitellmSettings>{"require_auth_for_metrics_endpoint",
                           into<&LitellmSettings::metrics_need_key>},
    Field<LitellmSettings>{"disable_end_user_cost_tracking", read_not_customers},
    Field<LitellmSettings>{"validate_end_user_id_in_db",
                           into<&LitellmSettings::validate_customers>},
    Field<LitellmSettings>{"extra_spend_tag_headers", into<&LitellmSettings::tag_headers>},
    Field<LitellmSettings>{"user_url_validation", into_links<&LinkSettings::validate>},
    Field<LitellmSettings>{"user_url_allowed_hosts", into_links<&LinkSettings::allowed_hosts>},
    Field<LitellmSettings>{"vertex_project",
                           [](Reader& reader, const Entry& entry, LitellmSettings& settings) {
                               read_vertex(reader, entry, "project", settings);
                           }},
    Field<LitellmSettings>{"vertex_location",
                           [](Reader& reader, const Entry& entry, LitellmSettings& settings) {
                               read_vertex(reader, entry, "location", settings);
                           }},
    Field<LitellmSettings>{"langfuse_default_tags", into_logging<&LoggingSettings::langfuse_tags>},
    Field<LitellmSettings>{"callbacks", read_callbacks},
    Field<LitellmSettings>{"success_callback", read_callbacks},
    Field<LitellmSettings>{"failure_callback", read_callbacks},
    Field<LitellmSettings>{"guardrails", read_old_guardrails},
    Field<LitellmSettings>{"cost_discount_config", read_discounts},
    Field<LitellmSettings>{"cost_margin_config", read_margins},
    Field<LitellmSettings>{"unpriced_models", read_unpriced_models},
    Field<LitellmSettings>{"block_requests_for_models_without_pricing", read_block_unpriced},
    Field<LitellmSettings>{"price_table", read_price_table},
    Field<LitellmSettings>{"max_budget", read_proxy_budget},
    Field<LitellmSettings>{"budget_duration", read_proxy_duration},
    Field<LitellmSettings>{"max_end_user_budget", read_end_user_budget},
    Field<LitellmSettings>{"max_end_user_budget_id", read_end_user_budget_id},
    Field<LitellmSettings>{"default_end_user_params", read_end_user_params},
    Field<LitellmSettings>{"tag_budget_config", read_tag_budgets},
    Field<LitellmSettings>{"budget_exceeded_status_code", read_exceeded_status},
    Field<LitellmSettings>{"timezone", read_time_zone},
    Field<LitellmSettings>{"budget_reset_time", read_reset_time},
    Field<LitellmSettings>{"telemetry", read_nothing},  // nothing is sent
    // read_key_settings() reads these together.
    Field<LitellmSettings>{"upperbound_key_generate_params", read_nothing},
    Field<LitellmSettings>{"default_key_generate_params", read_nothing},
    Field<LitellmSettings>{"key_generation_settings", read_nothing},
    Field<LitellmSettings>{"default_internal_user_params", read_nothing},
    Field<LitellmSettings>{"default_team_params", read_nothing},
    Field<LitellmSettings>{"max_internal_user_budget", read_nothing},
    Field<LitellmSettings>{"default_max_internal_user_budget", read_nothing},
    Field<LitellmSettings>{"internal_user_budget_duration", read_nothing},
    // read_priorities() reads these together.
    Field<LitellmSettings>{"priority_reservation", read_nothing},
    Field<LitellmSettings>{"priority_reservation_settings", read_nothing},
    // read_cache() reads these together.
    Field<LitellmSettings>{"cache", read_nothing},
    Field<LitellmSettings>{"cache_params", read_nothing},
    // read_old_guard_options() reads these when all callbacks are known.
    Field<LitellmSettings>{"output_parse_pii", read_nothing},
    Field<LitellmSettings>{"presidio_ad_hoc_recognizers", read_nothing},
    Field<LitellmSettings>{"openai_moderations_model_name", read_nothing},
    Field<LitellmSettings>{"turn_off_message_logging",
                           into_logging<&LoggingSettings::turn_off_message_logging>},
    Field<LitellmSettings>{"redact_user_api_key_info",
                           into_logging<&LoggingSettings::redact_user_api_key_info>},
    Field<LitellmSettings>{"global_disable_no_log_param",
                           into_logging<&LoggingSettings::global_disable_no_log_param>},
    Field<LitellmSettings>{"standard_logging_payload_excluded_fields",
                           into_logging<&LoggingSettings::excluded_fields>},
};

FallbackSettings& fallbacks_of(LitellmSettings& settings) {
    return settings.fallbacks;
}

constexpr auto kFields = joined(kOwnFields, kFallbackFields<LitellmSettings, fallbacks_of>);

constexpr auto kNotDone = std::to_array<std::string_view>({
    // Behaviour of requests.
    "enable_json_schema_validation",
    "default_max_tokens",
    "disable_hf_tokenizer_download",
    "disable_token_counter",
    "provider_url_destination_allowed_hosts",
    "use_chat_completions_url_for_anthropic_messages",
    "route_all_chat_openai_to_responses",
    "enable_preview_features",
    "reasoning_auto_summary",
    "websearch_interception_params",
    "responses",
    "custom_provider_map",
    "drop_unknown_params",
    "add_function_to_prompt",
    "anthropic_messages_estimate_initial_input_tokens",
    "anthropic_prompt_caching_ttl",
    "bedrock_neutralize_orphaned_tool_blocks",
    "bedrock_request_metadata_fields",
    "custom_prompt_dict",
    "disable_anthropic_gemini_context_caching_transform",
    "disable_vertex_batch_output_transformation",
    "enable_anthropic_prompt_caching",
    "enable_gemini_default_thinking_level_low",
    "gemini_include_thoughts_default",
    "gemini_live_defer_setup",
    "headers",
    "model_cost_map_url",
    "model_fallbacks",
    "num_retries_per_request",
    "openai_system_messages_first",
    "reasoning_effort_rounding",
    "strip_anthropic_total_tokens",
    "model_alias_map",
    "model_group_settings",
    "public_model_groups",
    "public_model_groups_links",
    "public_mcp_servers",
    "public_agent_groups",
    "return_response_headers",
    "check_provider_endpoint",
    "mcp_aliases",
    "mcp_semantic_tool_filter",
    "global_prompt_directory",
    "global_gitlab_config",
    "global_bitbucket_config",
    "post_call_rules",
    "pre_call_rules",
    "skip_system_message_in_guardrail",
    "skip_tool_message_in_guardrail",
    "vertex_ai_safety_settings",
    "enable_azure_ad_token_refresh",
    "enable_loadbalancing_on_batch_endpoints",
    "enable_model_config_credential_overrides",
    "disable_stop_sequence_limit",
    "disable_copilot_system_to_assistant",
    "disable_add_transform_inline_image_block",
    "compression_interception_params",
    "require_managed_files",
    "allow_dynamic_callback_disabling",
    "suppress_debug_info",
    "use_aiohttp_transport",
    "disable_aiohttp_trust_env",
    "guardrails_ai",
    // Settings of guards among the callbacks.
    "blocked_user_list",
    "banned_keywords_list",
    "llm_guard_mode",
    "google_moderation_confidence_threshold",
    "llamaguard_model_name",
    "llamaguard_unsafe_content_categories",
    "prompt_injection_params",
    "azure_content_safety_params",
    "toxic_confidence_threshold",
    // Cache.
    "enable_caching_on_provider_specific_optional_params",
    "enable_redis_auth_cache",
    "default_in_memory_ttl",
    "default_redis_ttl",
    "force_redis_hash_tag_grouping",
    "default_redis_batch_cache_expiry",
    // Logging and privacy.
    "service_callback",
    "service_callbacks",
    "input_callback",
    "redact_messages_in_exceptions",
    "filter_invalid_headers",
    "log_raw_request_response",
    "datadog_llm_observability_params",
    "datadog_params",
    "aws_sqs_callback_params",
    "s3_callback_params",
    "gcs_callback_params",
    "generic_logger_headers",
    "cold_storage_custom_logger",
    "store_audit_logs",
    "audit_log_callbacks",
    "custom_prometheus_metadata_labels",
    "custom_prometheus_tags",
    "prometheus_metrics_config",
    "prometheus_initialize_budget_metrics",
    "prometheus_emit_stream_label",
    "prometheus_exclude_labels",
    "prometheus_exclude_metrics",
    "prometheus_latency_buckets",
    "langsmith_batch_size",
    "expose_router_debug_in_errors",
    "langfuse_enable_update_trace_keys",
    "log_auth_failure_key_identity",
    "log_client_error_tracebacks",
    "newrelic_params",
    "otel_tenant_destination_mode",
    "prometheus_deployment_and_latency_caller_identity",
    "prometheus_emit_input_sequence_length_label",
    "prometheus_emit_rate_limit_labels",
    "prometheus_metrics_max_series_per_metric",
    "prometheus_metrics_ttl_seconds",
    "argilla_batch_size",
    "argilla_transformation_object",
    "logged_real_time_event_types",
    "disable_streaming_logging",
    "disable_add_user_agent_to_request_tags",
    "request_correlation_in_logs",
    "forward_traceparent_to_llm_provider",
    "add_user_information_to_llm_headers",
    // Keys, budgets, cost.
    "max_user_budget",
    "apply_search_free_tier",
    "budget_rollover",
    "default_soft_budget",
    "budget_exceeded_throttle_percentage",
    "overwrite_user_with_key_hash",
    "personal_key_model_access_from_teams",
    "max_ui_session_budget",
    "default_team_settings",
    "enable_key_alias_format_validation",
    "key_alias_format",
    "key_alias_pattern",
    "disable_end_user_cost_tracking_prometheus_only",
    "enable_end_user_cost_tracking_prometheus_only",
    // Network.
    "ssl_certificate",
    "ssl_security_level",
    "ssl_ecdh_curve",
    "force_ipv4",
    "aiohttp_trust_env",
    "disable_aiohttp_transport",
    "network_mock",
    "code_interpreter_interception_params",
});

constexpr auto kNames = names_of(kFields);

}  // namespace

SectionKeys litellm_settings_keys() {
    return {"litellm_settings", kNames, kNotDone};
}

bool tell_list_of_params(Reader& reader, const Entry& entry) {
    if (entry.value->kind != yaml::Node::Kind::list) return false;
    reader.problems().left_out(
        entry.place(), entry.quoted() +
                           ": expected true or false, found a list: ignored; names of "
                           "parameters belong into `litellm_params.additional_drop_params`");
    return true;
}

namespace {

// "/etc/ssl/ca.crt", "client.pem": what cannot be true or false.
bool names_a_file(std::string_view text) {
    return text.find_first_of("/.") != std::string_view::npos;
}

}  // namespace

std::optional<bool> read_ssl_verify(Reader& reader, const Entry& entry) {
    std::optional<bool> value;
    if (entry.value->kind == yaml::Node::Kind::scalar) {
        const auto found = reader.scalar(*entry.value);
        if (!found) return value;
        const auto* text = std::get_if<std::string>(&found->value);
        if (text != nullptr && names_a_file(*text)) {
            reader.problems().warning(entry.place(),
                                      "a CA bundle in " + entry.quoted() +
                                          " is known to LiteLLM but not done by Patchbay yet: "
                                          "ignored, the system's authorities are used");
            return value;
        }
    }
    reader.read(entry, value);
    return value;
}

void read_litellm_settings(Reader& reader, const Entry& section, LitellmSettings& settings) {
    if (!reader.is_map(section)) return;
    read_section<LitellmSettings>(reader, section.name(), *section.value, kFields, kNotDone,
                                  settings);
    read_cache(reader, *section.value, settings);
    read_key_settings(reader, *section.value, settings);
    read_priorities(reader, *section.value, settings);
    read_old_guard_options(reader, *section.value, settings);
}

}  // namespace patchbay
