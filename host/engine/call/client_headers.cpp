#include "engine/call/client_headers.hpp"

#include <algorithm>
#include <array>

#include "contract/http/header.hpp"
#include "engine/surface/hub/count_tokens.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay {

namespace {

struct Known {
    std::string_view name;
    std::uint32_t operations;  ///< bits
};

const std::uint32_t kClaudes =
    kChatCompletions.bit | kCountChat.bit | kMessages.bit | kCountTokens.bit;
const Known kAnthropicBeta{"anthropic-beta", kClaudes};

// What LiteLLM passes on by itself; a plugin takes from it what its provider knows.
const Known kKnown[] = {
    kAnthropicBeta,
    {"anthropic-version", kClaudes},
    {"openai-beta", kRealtime.bit},
    {"sec-websocket-protocol", kRealtime.bit},
};

// Beginnings of names that are not passed on although they begin with "x-": keys, what the gateway
// itself reads, and what OpenAI's SDKs say of themselves.
constexpr auto kKept = std::to_array<std::string_view>(
    {"x-api-key", "x-goog-api-key", "x-litellm-", "x-stainless-", "x-amz-", "x-auth", "x-csrf"});

// Where a client puts the key that opens the gateway.
constexpr auto kKeys =
    std::to_array<std::string_view>({"authorization", "x-litellm-api-key", "api-key", "x-api-key",
                                     "x-goog-api-key", "ocp-apim-subscription-key"});

constexpr std::size_t kShortestKey = 8;  ///< "none" and its like open nothing

bool begins_with(std::string_view text, std::string_view start) {
    return http::iequals(text.substr(0, start.size()), start);
}

bool holds_key(std::string_view header, std::string_view key_header) {
    const auto is = [&](std::string_view name) { return http::iequals(header, name); };
    return std::any_of(kKeys.begin(), kKeys.end(), is) || (!key_header.empty() && is(key_header));
}

// Whether the value is a key that the client has come with, with a scheme before it or without: clients send it in
// several headers, also in some that nobody has named.
bool is_key_of(const Caller& caller, std::string_view value, std::string_view key_header) {
    const auto opens = [&](const http::Header& header) {
        const bool holds = holds_key(header.name, key_header);
        const std::string_view key = header.value.substr(header.value.rfind(' ') + 1);
        return holds && key.size() >= kShortestKey && value.ends_with(key);
    };
    return std::any_of(caller.headers.begin(), caller.headers.end(), opens);
}

}  // namespace

ClientHeaders::ClientHeaders(const Caller& caller, const Operation& operation, bool forward_all,
                             std::string_view anthropic_beta, std::string_view key_header) {
    if ((kAnthropicBeta.operations & operation.bit) != 0) add(kAnthropicBeta.name, anthropic_beta);
    for (const Known& known : kKnown) {
        if ((known.operations & operation.bit) == 0) continue;
        for (const http::Header& header : caller.headers) {
            if (http::iequals(header.name, known.name)) add(known.name, header.value);
        }
    }
    if (!forward_all) return;
    for (const auto& [name, value] : caller.headers) {
        const bool kept =
            !begins_with(name, "x-") || holds_key(name, key_header) ||
            std::any_of(kKept.begin(), kKept.end(),
                        [&, n = name](std::string_view k) { return begins_with(n, k); });
        if (!kept && !is_key_of(caller, value, key_header)) add(name, value);
    }
}

void ClientHeaders::add(std::string_view name, std::string_view value) {
    if (list_.size() < kMost && !value.empty()) list_.push_back({bay::str(name), bay::str(value)});
}

}  // namespace patchbay
