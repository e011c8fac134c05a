#include "gateway/client_headers.hpp"

#include <algorithm>
#include <array>

#include "engine/http/header.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay::gateway {

namespace {

struct Known {
    std::string_view name;
    HeadersFor operation;
};

// What LiteLLM passes on by itself; a plugin takes from it what its provider knows.
constexpr Known kKnown[] = {
    {"anthropic-beta", HeadersFor::chat},
    {"anthropic-version", HeadersFor::chat},
    {"openai-beta", HeadersFor::realtime},
};

// Beginnings of names that are not passed on although they begin with "x-": keys, what the gateway
// itself reads, and what OpenAI's SDKs say of themselves.
constexpr auto kKept = std::to_array<std::string_view>(
    {"x-api-key", "x-goog-api-key", "x-litellm-", "x-stainless-", "x-amz-", "x-auth", "x-csrf"});

bool begins_with(std::string_view text, std::string_view start) {
    return http::iequals(text.substr(0, start.size()), start);
}

}  // namespace

ClientHeaders::ClientHeaders(const Request& request, HeadersFor operation, bool forward_all) {
    for (const Known& known : kKnown) {
        if (known.operation != operation) continue;
        const auto [first, last] = request.head.equal_range(known.name);
        for (auto field = first; field != last; ++field) add(known.name, field->value());
    }
    if (!forward_all) return;
    for (const auto& field : request.head) {
        const std::string_view name = field.name_string();
        const bool kept = !begins_with(name, "x-") ||
                          std::any_of(kKept.begin(), kKept.end(),
                                      [&](std::string_view k) { return begins_with(name, k); });
        if (!kept) add(name, field.value());
    }
}

void ClientHeaders::add(std::string_view name, std::string_view value) {
    if (list_.size() < kMost && !value.empty()) list_.push_back({bay::str(name), bay::str(value)});
}

}  // namespace patchbay::gateway
