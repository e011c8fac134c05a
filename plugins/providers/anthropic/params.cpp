// SPDX-License-Identifier: Apache-2.0
#include "params.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "json/is_among.hpp"

namespace patchbay::anthropic {

using shared::is_among;

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

constexpr std::size_t kMaxUserId = 256;  // Anthropic, "Messages": metadata.user_id

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

Result<json::array> translate_stop(const json::value& stop) {
    json::array sequences;
    if (stop.is_string()) {
        sequences.push_back(stop);
        return sequences;
    }
    const auto* list = stop.if_array();
    if (!list) return bad_request("stop", "must be a string or an array of strings");
    for (std::size_t i = 0; i < list->size(); ++i) {
        if (!(*list)[i].is_string()) {
            return bad_request("stop[" + std::to_string(i) + "]", "must be a string");
        }
        sequences.push_back((*list)[i]);
    }
    return sequences;
}

bool is_sendable_user(std::string_view user) {
    return !user.empty() && user.size() <= kMaxUserId && !is_email(user) && !is_phone(user);
}

json::object user_metadata(const json::object& client) {
    auto id = text(client, "user");
    if (!is_sendable_user(id)) id = {};
    if (const auto* metadata = find_object(client, "metadata")) {
        const auto given = text(*metadata, "user_id");
        if (is_sendable_user(given)) id = given;
    }
    json::object result;
    if (!id.empty()) result["user_id"] = id;
    return result;
}

}  // namespace patchbay::anthropic
