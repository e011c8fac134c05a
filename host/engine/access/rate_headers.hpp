// The header lines that tell of limits of rates.
#pragma once

#include <string>
#include <string_view>

namespace patchbay::access {

struct Principal;

/// The names of those of one subject: "x-ratelimit-api_key-remaining-requests".
struct RateHeaders {
    /// `of` is a descriptor, or empty: those without one.
    explicit RateHeaders(std::string_view of);
    /// Those without one: they tell of the key.
    static const RateHeaders& of_key();

    std::string limit_requests, left_requests, limit_tokens, left_tokens;
};

/// Whole lines with LiteLLM's x-litellm-key-*-limit and x-ratelimit-*-limit-*: the limits that there are, in the order
/// of the principal's. They change when its record does. Any thread.
std::string limit_lines(const Principal& principal);

}  // namespace patchbay::access
