// What a provider says is left of its rate limits, in the headers of an answer.
#pragma once

#include <chrono>
#include <optional>
#include <span>

#include "contract/http/header.hpp"

namespace patchbay {

/// Of the limit of which the least is left.
struct Headroom {
    float share = 1;  ///< 0 = nothing is left
    std::chrono::seconds valid{
        0};  ///< until then more comes back, by what the provider says; 1 to 60 s
};

/// Reads `x-ratelimit-*` (OpenAI, Azure, Groq and their like) and `anthropic-ratelimit-*`: limits and
/// what remains of them; resets as Go durations ("6m0s") or seconds. Names are in lower case. nullopt:
/// nothing is said of any limit. What cannot be read is passed over. Allocates nothing.
std::optional<Headroom> headroom_in(std::span<const http::Header> headers);

}  // namespace patchbay
