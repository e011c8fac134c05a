// SPDX-License-Identifier: Apache-2.0
#include "params.hpp"

#include <algorithm>
#include <array>
#include <patchbay/sdk.hpp>
#include <string>
#include <vector>

#include "content.hpp"
#include "model.hpp"

namespace patchbay::anthropic {

namespace {

constexpr std::array<std::string_view, 24> kTranslated{"model",
                                                       "messages",
                                                       "stream",
                                                       "stream_options",
                                                       "max_tokens",
                                                       "max_completion_tokens",
                                                       "tools",
                                                       "functions",
                                                       "tool_choice",
                                                       "function_call",
                                                       "stop",
                                                       "parallel_tool_calls",
                                                       "user",
                                                       "metadata",
                                                       "response_format",
                                                       "thinking",
                                                       "service_tier",
                                                       "reasoning_effort",
                                                       "extra_body",
                                                       "extra_headers",
                                                       "web_search_options",
                                                       "anthropic_beta",
                                                       "n",
                                                       "mcp_servers"};

constexpr std::array<std::string_view, 35> kGatewayOwn{"additional_drop_params",
                                                       "allowed_openai_params",
                                                       "api_base",
                                                       "api_key",
                                                       "api_version",
                                                       "base_url",
                                                       "cache",
                                                       "caching",
                                                       "content_policy_fallbacks",
                                                       "context_window_fallbacks",
                                                       "custom_llm_provider",
                                                       "disable_fallbacks",
                                                       "drop_params",
                                                       "enable_json_schema_validation",
                                                       "extra_query",
                                                       "fallbacks",
                                                       "guardrails",
                                                       "litellm_call_id",
                                                       "litellm_metadata",
                                                       "litellm_session_id",
                                                       "litellm_trace_id",
                                                       "max_retries",
                                                       "mock_delay",
                                                       "mock_response",
                                                       "mock_timeout",
                                                       "mock_tool_calls",
                                                       "no-log",
                                                       "num_retries",
                                                       "proxy_server_request",
                                                       "request_timeout",
                                                       "stream_timeout",
                                                       "tags",
                                                       "timeout",
                                                       "user_config",
                                                       "ttl"};

constexpr std::array<std::string_view, 15> kUnsupported{"audio",
                                                        "frequency_penalty",
                                                        "logit_bias",
                                                        "logprobs",
                                                        "modalities",
                                                        "n",
                                                        "prediction",
                                                        "presence_penalty",
                                                        "prompt_cache_key",
                                                        "prompt_cache_retention",
                                                        "safety_identifier",
                                                        "seed",
                                                        "store",
                                                        "top_logprobs",
                                                        "verbosity"};

template <class Names>
bool is_among(std::string_view name, const Names& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_zero(const json::value& value) {
    const auto* real = value.if_double();
    const auto* integer = value.if_int64();
    return (real && *real == 0.0) || (integer && *integer == 0);
}

bool means_the_default(std::string_view name, const json::value& value) {
    if (value.is_null()) return true;
    if (name == "n") return value == json::value(1);
    if (name == "modalities") return value == json::value(json::array{"text"});
    if (name == "store" || name == "logprobs") return value == json::value(false);
    if (name == "logit_bias") return value.is_object() && value.get_object().empty();
    return name.ends_with("_penalty") && is_zero(value);
}

bool is_unsupported(std::string_view name, const json::value& value, std::string_view model) {
    if (name == "thinking" || name == "reasoning_effort") {
        return !value.is_null() && !traits_of(model).thinking;
    }
    if (name == "service_tier") {
        const auto* tier = value.if_string();
        return tier && *tier != "auto" && *tier != "default" && *tier != "standard_only";
    }
    return is_among(name, kUnsupported);
}

Failure unsupported(const std::vector<std::string>& names, std::string_view model) {
    Failure failure;
    failure.cls = BAY_ERR_UNSUPPORTED;
    failure.message = "anthropic does not support parameters: [";
    for (const auto& name : names) {
        failure.message += (&name == &names.front() ? "'" : ", '") + name + "'";
    }
    failure.message.append("], for model=")
        .append(model)
        .append(
            ". To drop these, set `drop_params: true` under `litellm_settings`; to send them as "
            "they "
            "are, name them in `allowed_openai_params`.");
    failure.type = "invalid_request_error";
    failure.param = names.front();
    return failure;
}

bool is_email(std::string_view text) {
    const auto is_alnum = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    const auto all_of = [&](std::string_view part, std::string_view others) {
        return !part.empty() && std::all_of(part.begin(), part.end(), [&](char c) {
            return is_alnum(c) || others.find(c) != std::string_view::npos;
        });
    };
    const auto at = text.find('@');
    if (at == std::string_view::npos) return false;
    const auto domain = text.substr(at + 1);
    const auto dot = domain.rfind('.');
    return dot != std::string_view::npos && dot > 0 && domain.size() - dot > 2 &&
           all_of(text.substr(0, at), "._%+-") && all_of(domain, ".-");
}

bool is_phone(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    return text.size() >= 7 &&
           text.find_first_not_of("0123456789 \t\n\r()-") == std::string_view::npos;
}

}  // namespace

bool is_translated(std::string_view name) {
    return is_among(name, kTranslated);
}

bool is_gateway_own(std::string_view name) {
    return is_among(name, kGatewayOwn) || name.starts_with("mock_testing_");
}

Result<void> remove_unsupported(json::object& client, const RequestOptions& options) {
    std::vector<std::string> refused;
    std::vector<std::string> removed;
    for (const auto& member : client) {
        const std::string_view name = member.key();
        if (!is_unsupported(name, member.value(), options.model)) continue;
        if (bay::list_has(options.allowed_params, name)) continue;
        removed.emplace_back(name);
        if (!means_the_default(name, member.value())) refused.emplace_back(name);
    }
    if (!refused.empty() && !options.drop_params) return unsupported(refused, options.model);
    for (const auto& name : removed) client.erase(name);
    return {};
}

Result<json::array> translate_stop(const json::value& stop, bool drop_blank) {
    json::array sequences;
    const auto add = [&](const json::string& sequence) {
        if (!(drop_blank && is_blank(sequence))) sequences.emplace_back(sequence);
    };
    if (const auto* one = stop.if_string()) {
        add(*one);
        return sequences;
    }
    const auto* list = stop.if_array();
    if (!list) return bad_request("stop", "must be a string or an array of strings");
    for (std::size_t i = 0; i < list->size(); ++i) {
        const auto* sequence = (*list)[i].if_string();
        if (!sequence) return bad_request("stop[" + std::to_string(i) + "]", "must be a string");
        add(*sequence);
    }
    return sequences;
}

bool is_anonymous_user(std::string_view user) {
    return !user.empty() && !is_email(user) && !is_phone(user);
}

json::object user_metadata(const json::object& client) {
    auto id = text(client, "user");
    if (!is_anonymous_user(id)) id = {};
    if (const auto* metadata = find_object(client, "metadata")) {
        const auto given = text(*metadata, "user_id");
        if (is_anonymous_user(given)) id = given;
    }
    json::object result;
    if (!id.empty()) result["user_id"] = id;
    return result;
}

}  // namespace patchbay::anthropic
