#include "config/litellm_params.hpp"

#include <algorithm>
#include <array>

namespace patchbay {
namespace {

constexpr auto kRequestParams = std::to_array<RequestParam>({
    // Chat completions.
    {"temperature", true},
    {"top_p", true},
    {"n", true},
    {"max_tokens", true},
    {"max_completion_tokens", true},
    {"presence_penalty", true},
    {"frequency_penalty", true},
    {"top_logprobs", true},
    {"seed", true},
    {"stop"},
    {"logit_bias"},
    {"logprobs"},
    {"response_format"},
    {"stream_options"},
    {"tools"},
    {"tool_choice"},
    {"parallel_tool_calls"},
    {"functions"},
    {"function_call"},
    {"reasoning_effort"},
    {"verbosity"},
    {"modalities"},
    {"prediction"},
    {"audio"},
    {"service_tier"},
    {"safety_identifier"},
    {"prompt_cache_key"},
    {"prompt_cache_retention"},
    {"store"},
    {"metadata"},
    {"user"},
    {"web_search_options"},
    {"thinking"},
    // Text completions, embeddings.
    {"best_of", true},
    {"echo"},
    {"suffix"},
    {"dimensions", true},
    {"encoding_format"},
    // Responses.
    {"instructions"},
    {"max_output_tokens", true},
    {"max_tool_calls", true},
    {"reasoning"},
    {"text"},
    {"truncation"},
    {"include"},
    {"background"},
    // Images, speech, transcription.
    {"size"},
    {"quality"},
    {"style"},
    {"voice"},
    {"speed", true},
    {"language"},
});

constexpr auto kNotDone = std::to_array<std::string_view>({
    "tag_regex",
    "tpd",
    "rpd",
    "daily_reset_time",
    "allow_client_keepalive_override",
    "provider_affinity_header",
    "responses_api_version",
    "thought_signature_in_tool_call_id",
    "fireworks_forward_user_id",
    "chatgpt_auth_file",
    "use_xai_oauth",
    "litellm_system_prompt",
    "enable_prompt_caching",
    "kubernetes_pod_discovery",
    "supported_reasoning_efforts",
    "vector_store_id",
    "milvus_text_field",
    "milvus_db_name",
    "milvus_partition_names",
    "valkey_host",
    "valkey_port",
    "valkey_password",
    "valkey_ssl",
    "valkey_text_field",
    "valkey_embedding_field",
    "switchyard_router_config",
    "auto_router_config_path",
    "auto_router_config",
    "auto_router_default_model",
    "auto_router_embedding_model",
    "auto_router_max_input_chars",
    "auto_router_routing_compression",
    "auto_router_model_compression",
    "complexity_router_config",
    "complexity_router_default_model",
    "adaptive_router_config",
    "adaptive_router_default_model",
    "quality_router_config",
    "quality_router_default_model",
    "configurable_clientside_auth_params",
    "use_in_pass_through",
    "use_litellm_proxy",
    "use_chat_completions_api",
    "max_file_size_mb",
    "prompt_id",
    "prompt_variables",
    "vector_store_ids",
    "fallbacks",
});

constexpr auto kProviderParams = std::to_array<std::string_view>({
    "project",
    "top_k",
    "top_a",
    "min_p",
    "typical_p",
    "tfs_z",
    "mirostat",
    "mirostat_eta",
    "mirostat_tau",
    "num_ctx",
    "num_predict",
    "num_gpu",
    "num_thread",
    "repeat_penalty",
    "repeat_last_n",
    "repetition_penalty",
    "length_penalty",
    "min_tokens",
    "ignore_eos",
    "use_beam_search",
    "keep_alive",
    "format",
    "think",
    "template",
    "system",
    "raw",
    "options",
    "safe_prompt",
    "safety_settings",
    "random_seed",
    "prompt_mode",
    "input_type",
    "task",
    "user_id",
    "anthropic_version",
    "anthropic_beta",
    "guardrailConfig",
    "performanceConfig",
    "provider",
    "transforms",
    "route",
    "models",
    "plugins",
    "return_images",
    "search_domain_filter",
    "search_recency_filter",
});

constexpr auto kSettings = std::to_array<std::string_view>({
    "api_version",
    "organization",
    "base_model",
    "region_name",
    "cache_control_injection_points",
    "extra_headers",
    "headers",
    "tenant_id",
    "client_id",
    "client_secret",
    "project_id",
    "location",
    "deployment_id",
    "model_id",
    "roles",
    "initial_prompt_value",
    "final_prompt_value",
    "bos_token",
    "eos_token",
    "hf_model_name",
    "context_window_fallback_dict",
    "token",
    "username",
    "password",
    "space_id",
    "zen_api_key",
    "verify",
    "max_input_tokens",
    "stream",
    "mode",
    "id",
    "description",
    "model_info",
    "litellm_provider",
    "tiered_pricing",
    "off_peak_pricing",
    "provider_specific_entry",
    "data_residency",
    "regional_processing_uplift_multiplier_eu",
    "regional_processing_uplift_multiplier_us",
    "regional_endpoint_uplift_multiplier",
    "fedramp_uplift_multiplier",
    "output_vector_size",
    "deprecation_date",
    "source",
    "supported_endpoints",
    "supported_modalities",
    "supported_output_modalities",
    "ssl_certificate",
    "extra_query",
    "allow_client_keepalive_override",
    "use_xai_oauth",
    "blocked",
    "team_id",
    "access_groups",
    "callbacks",
    "success_callback",
    "failure_callback",
    "turn_off_message_logging",
    "caching",
    "enable_json_schema_validation",
});

constexpr auto kPrefixes = std::to_array<std::string_view>({
    "aws_",
    "azure_",
    "vertex_",
    "watsonx_",
    "s3_",
    "gcs_",
    "milvus_",
    "auto_router_",
    "complexity_router_",
    "adaptive_router_",
    "quality_router_",
    "oci_",
    "supports_",
    "mock_",
    "litellm_",
    "langfuse_",
    "langsmith_",
    "arize_",
    "posthog_",
    "humanloop_",
});

}  // namespace

std::span<const RequestParam> request_params() {
    return kRequestParams;
}

std::span<const std::string_view> litellm_params_not_done() {
    return kNotDone;
}

std::span<const std::string_view> provider_params() {
    return kProviderParams;
}

std::span<const std::string_view> deployment_settings() {
    return kSettings;
}

bool is_deployment_setting(std::string_view name) {
    for (const std::string_view setting : kSettings)
        if (setting == name) return true;
    for (const std::string_view prefix : kPrefixes)
        if (name.substr(0, prefix.size()) == prefix) return true;
    return name.find("_cost") != std::string_view::npos;
}

bool becomes_header(std::string_view name) {
    constexpr auto kNames = std::to_array<std::string_view>(
        {"extra_headers", "headers", "organization", "api_version", "token", "azure_ad_token",
         "zen_api_key", "anthropic_version", "anthropic_beta", "aws_access_key_id",
         "aws_secret_access_key", "aws_session_token", "aws_bearer_token_bedrock", "client_secret",
         "project"});
    return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

}  // namespace patchbay
