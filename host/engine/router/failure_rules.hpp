// What follows from the failure of an attempt: the one table of it.
#pragma once

#include <cstdint>
#include <string_view>

#include "config/routing.hpp"
#include "contract/error.hpp"

namespace patchbay {

/// How an attempt failed, as routing tells failures apart.
enum class Cause : std::uint8_t {
    bad_request,     ///< the client's: 400, 413, 422 and what the provider cannot do
    context_length,  ///< the prompt is too long for the model
    content_policy,
    authentication,  ///< 401: this deployment's key is refused
    permission,      ///< 403
    not_found,       ///< 404: there is no such model at this place
    rate_limit,      ///< 429
    quota,           ///< 402, or a 429 that says that there is no money left
    timeout,
    upstream,     ///< 5xx, an overloaded provider, an answer that is malformed or cut off
    unreachable,  ///< refused, reset, no such host, TLS: nothing was answered
    conflict,     ///< 409
    plugin,       ///< the plugin's own fault, of which its breaker takes care
    ours,         ///< the client hung up, a guardrail stopped it: no attempt would help
};

/// May the same deployment be asked again, when no other one is left?
enum class Again : std::uint8_t { no, after_a_wait };

/// When a deployment is taken out of routing for a while.
enum class Rests : std::uint8_t {
    never,
    counted,   ///< when too many of its attempts fail
    in_a_row,  ///< the third time in a row, and when too many fail
    at_once,   ///< if there is something else to go to
};

/// Which fallbacks the failure leads to.
enum class FallbackKind : std::uint8_t { none, general, context_window, content_policy };

/// One row of the table, and with it everything that the router knows of a failure.
struct FailureRule {
    Cause cause;
    std::string_view name;  ///< for logs and explanations
    bool other;             ///< may another deployment of the group be asked at once?
    Again again;
    bool other_pays;  ///< is asking another one taken from the group's retry budget?
    Rests rests;
    FallbackKind fallback;
    PolicyClass policy;  ///< which number of `retry_policy` and `allowed_fails_policy` is its
};

const FailureRule& rule_of(Cause cause);

/// The cause of a provider's error.
Cause cause_of(const Error& error);

}  // namespace patchbay
