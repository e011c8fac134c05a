#include "contract/json/control_params.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace patchbay {

namespace {

constexpr auto kControl = [] {
    std::array names = std::to_array<std::string_view>({
        "acompletion",
        "additional_drop_params",
        "allowed_model_region",
        "allowed_openai_params",
        "api_base",
        "api_key",
        "api_version",
        "assistant_continue_message",
        "azure",
        "azure_ad_token",
        "azure_ad_token_provider",
        "azure_password",
        "azure_scope",
        "azure_username",
        "base_model",
        "base_url",
        "bos_token",
        "budget_duration",
        "cache",
        "cache_key",
        "caching",
        "caching_groups",
        "client",
        "client_id",
        "client_secret",
        "complete_response",
        "configurable_clientside_auth_params",
        "context_window_fallback_dict",
        "context_window_fallbacks",
        "content_policy_fallbacks",
        "cooldown_time",
        "custom_llm_provider",
        "default_fallbacks",
        "disable_add_transform_inline_image_block",
        "disable_fallbacks",
        "drop_params",
        "ensure_alternating_roles",
        "eos_token",
        "extra_headers",
        "fallback_depth",
        "fallbacks",
        "fastest_response",
        "final_prompt_value",
        "force_timeout",
        "guardrails",
        "headers",
        "hf_model_name",
        "id",
        "initial_prompt_value",
        "input_cost_per_second",
        "input_cost_per_token",
        "litellm_call_id",
        "litellm_credential_name",
        "litellm_logging_obj",
        "litellm_metadata",
        "litellm_request_debug",
        "litellm_session_id",
        "litellm_trace_id",
        "logger_fn",
        "max_budget",
        "max_fallbacks",
        "max_parallel_requests",
        "max_retries",
        "merge_reasoning_content_in_choices",
        "metadata",
        "mock_delay",
        "mock_response",
        "mock_testing_content_policy_fallbacks",
        "mock_testing_context_fallbacks",
        "mock_testing_context_window_fallbacks",
        "mock_testing_fallbacks",
        "mock_testing_rate_limit_error",
        "mock_timeout",
        "mock_tool_calls",
        "model_config",
        "model_file_id_mapping",
        "model_info",
        "model_list",
        "no-log",
        "num_retries",
        "order",
        "output_cost_per_second",
        "output_cost_per_token",
        "policies",
        "preset_cache_key",
        "priority",
        "prompt_id",
        "prompt_label",
        "prompt_variables",
        "prompt_version",
        "provider_specific_header",
        "proxy_server_request",
        "region_name",
        "request_timeout",
        "retry_policy",
        "retry_strategy",
        "roles",
        "rpm",
        "secret_fields",
        "shared_session",
        "search_tool_name",
        "stream_timeout",
        "supports_system_message",
        "tags",
        "tenant_id",
        "text_completion",
        "timeout",
        "tpm",
        "ttl",
        "turn_off_message_logging",
        "use_client",
        "use_in_pass_through",
        "use_litellm_proxy",
        "user_continue_message",
        "verbose",
        "weight",
    });
    std::sort(names.begin(), names.end());
    return names;
}();

constexpr unsigned bit_of(std::string_view name) {
    const auto first = static_cast<unsigned char>(name.front());
    const auto last = static_cast<unsigned char>(name.back());
    return (static_cast<unsigned>(name.size()) * 7 + first * 3 + last) & 255u;
}

// Most names of a request are the provider's: one bit tells for nearly all of them.
constexpr auto kPossible = [] {
    std::array<std::uint64_t, 4> bits{};
    for (const std::string_view name : kControl)
        bits[bit_of(name) / 64] |= 1ull << (bit_of(name) % 64);
    return bits;
}();

}  // namespace

bool is_control_param(std::string_view name) {
    if (name.empty()) return false;
    const unsigned bit = bit_of(name);
    if ((kPossible[bit / 64] >> (bit % 64) & 1) == 0) return false;
    return std::binary_search(kControl.begin(), kControl.end(), name);
}

bool is_mock_param(std::string_view name) {
    return name.starts_with("mock_");
}

}  // namespace patchbay
