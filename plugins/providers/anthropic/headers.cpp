// SPDX-License-Identifier: Apache-2.0
#include "headers.hpp"

#include <algorithm>
#include <patchbay/sdk.hpp>

#include <boost/algorithm/string/case_conv.hpp>

namespace patchbay::anthropic {

namespace {

constexpr std::string_view kBetaHeader = "anthropic-beta";
constexpr std::string_view kVersionHeader = "anthropic-version";
constexpr std::string_view kOwnBase = "https://api.anthropic.com";

// RFC 9110, sections 5.1 and 5.5, without the exotic characters of names.
bool is_legal(std::string_view name, std::string_view value) {
    const auto token = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    };
    return !name.empty() && std::all_of(name.begin(), name.end(), token) &&
           value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

void set(Headers& headers, std::string name, std::string_view value) {
    if (!is_legal(name, value)) return;
    for (auto& header : headers) {
        if (header.first != name) continue;
        header.second = value;
        return;
    }
    headers.emplace_back(std::move(name), value);
}

bool has(const Headers& headers, std::string_view name) {
    return std::any_of(headers.begin(), headers.end(),
                       [&](const auto& header) { return header.first == name; });
}

}  // namespace

std::string messages_url(std::string_view base) {
    if (base.empty()) base = kOwnBase;
    while (base.ends_with('/')) base.remove_suffix(1);
    std::string url(base);
    if (base.ends_with("/v1/messages")) return url;
    return url.append(base.ends_with("/v1") ? "/messages" : "/v1/messages");
}

Betas named_betas(const json::object& settings, const bay_kv* client, std::uint64_t client_count) {
    Betas betas;
    for (std::uint64_t i = 0; i < client_count; ++i) {
        const auto name = boost::algorithm::to_lower_copy(std::string(bay::sv(client[i].name)));
        if (name == kBetaHeader) betas.add_list(bay::sv(client[i].value));
    }
    if (const auto* extra = find_object(settings, "extra_headers")) {
        for (const auto& header : *extra) {
            const auto* value = header.value().if_string();
            const auto name = boost::algorithm::to_lower_copy(std::string(header.key()));
            if (value && name == kBetaHeader) betas.add_list(*value);
        }
    }
    return betas;
}

Headers messages_headers(std::string_view api_key, const json::object& settings,
                         const bay_kv* client, std::uint64_t client_count, Betas betas) {
    Headers headers;
    set(headers, "content-type", "application/json");
    set(headers, std::string(kVersionHeader), "2023-06-01");
    if (api_key.starts_with("sk-ant-oat")) {
        set(headers, "authorization", std::string("Bearer ").append(api_key));
        set(headers, "anthropic-dangerous-direct-browser-access", "true");  // as LiteLLM says
        betas.add("oauth-2025-04-20");
    } else if (!api_key.empty()) {
        set(headers, "x-api-key", api_key);
    }
    for (std::uint64_t i = 0; i < client_count; ++i) {
        auto name = boost::algorithm::to_lower_copy(std::string(bay::sv(client[i].name)));
        if (name == kBetaHeader) continue;
        if (name == kVersionHeader || !has(headers, name)) {
            set(headers, std::move(name), bay::sv(client[i].value));
        }
    }
    if (const auto* extra = find_object(settings, "extra_headers")) {
        for (const auto& header : *extra) {
            const auto* value = header.value().if_string();
            if (!value) continue;
            auto name = boost::algorithm::to_lower_copy(std::string(header.key()));
            if (name != kBetaHeader) set(headers, std::move(name), *value);
        }
    }
    if (const auto list = betas.joined(); !list.empty()) {
        set(headers, std::string(kBetaHeader), list);
    }
    return headers;
}

}  // namespace patchbay::anthropic
