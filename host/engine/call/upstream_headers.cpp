#include "engine/call/upstream_headers.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace patchbay {

namespace {

constexpr std::string_view kPrefix = "llm_provider-";
constexpr std::string_view kRateLimit = "x-ratelimit-";

constexpr auto kLeftOut = std::to_array<std::string_view>({
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "content-length",
    "content-encoding",
    "set-cookie",
    "set-cookie2",
    "authorization",
    "x-api-key",
    "api-key",
});

// What a provider calls otherwise than OpenAI, whose names SDKs read; the table of limits is
// LiteLLM's.
struct Also {
    std::string_view name;
    std::string_view as;
};
constexpr std::string_view kRequestId = "request-id";
constexpr Also kAlso[] = {
    {"x-request-id", kRequestId},
    {"request-id", kRequestId},
    {"anthropic-ratelimit-requests-limit", "x-ratelimit-limit-requests"},
    {"anthropic-ratelimit-requests-remaining", "x-ratelimit-remaining-requests"},
    {"anthropic-ratelimit-tokens-limit", "x-ratelimit-limit-tokens"},
    {"anthropic-ratelimit-tokens-remaining", "x-ratelimit-remaining-tokens"},
};

constexpr std::size_t line_size(std::string_view prefix, std::string_view name,
                                std::string_view value) {
    return prefix.size() + name.size() + value.size() + std::string_view(": \r\n").size();
}

// Fit for a header of ours; CR, LF and NUL end here at the latest.
bool plain(std::string_view value) {
    return std::all_of(value.begin(), value.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
    });
}

}  // namespace

void UpstreamHeaders::take(std::span<const http::Header> headers, std::span<const Secret> secrets) {
    constexpr std::size_t kShortestKey = 6;  // less is no secret, and found in every other value
    const auto holds_secret = [&](std::string_view value) {
        return std::any_of(secrets.begin(), secrets.end(), [&](const Secret& secret) {
            const std::string_view key = secret.reveal();
            return key.size() >= kShortestKey && value.find(key) != std::string_view::npos;
        });
    };
    clear();
    headers = headers.first(std::min(headers.size(), kMost));
    std::size_t size = 0;
    for (const auto& [name, value] : headers) size += line_size(kPrefix, name, value);
    lines_.reserve(std::min(size, kMaxBytes));
    for (const http::Header& header : headers) {
        const auto& [name, value] = header;
        if (std::find(kLeftOut.begin(), kLeftOut.end(), name) != kLeftOut.end()) continue;
        if (!plain(value) || holds_secret(value)) continue;
        add(name.starts_with(kPrefix) ? std::string_view() : kPrefix, name, value);
        if (name.starts_with(kRateLimit)) add({}, name, value);
        for (const Also& also : kAlso) {
            if (also.name != name) continue;
            if (also.as == kRequestId && std::exchange(names_request_, true)) continue;
            add({}, also.as, value);
        }
    }
}

void UpstreamHeaders::add(std::string_view prefix, std::string_view name, std::string_view value) {
    const std::size_t size = line_size(prefix, name, value);
    if (size > kMaxBytes - lines_.size()) return;
    lines_.append(prefix).append(name).append(": ").append(value).append("\r\n");
}

}  // namespace patchbay
