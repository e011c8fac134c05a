#include "engine/router/failure_rules.hpp"

#include <array>

namespace patchbay {

namespace {

using F = FallbackKind;
using P = PolicyClass;
constexpr auto kOnce = Again::no;
constexpr auto kWait = Again::after_a_wait;

// clang-format off
constexpr auto kRules = std::to_array<FailureRule>({
    // cause                  name              other  again  pays   rests            fallbacks          policy
    {Cause::bad_request,    "bad request",     false, kOnce, false, Rests::never,    F::general,        P::bad_request},
    {Cause::context_length, "context length",  true,  kOnce, false, Rests::never,    F::context_window, P::bad_request},
    {Cause::content_policy, "content policy",  false, kOnce, false, Rests::never,    F::content_policy, P::content_policy},
    {Cause::authentication, "authentication",  true,  kOnce, true,  Rests::at_once,  F::general,        P::authentication},
    {Cause::permission,     "permission",      true,  kOnce, true,  Rests::counted,  F::general,        P::none},
    {Cause::not_found,      "not found",       true,  kOnce, false, Rests::at_once,  F::general,        P::none},
    {Cause::rate_limit,     "rate limit",      true,  kWait, false, Rests::at_once,  F::general,        P::rate_limit},
    {Cause::quota,          "quota",           true,  kOnce, false, Rests::at_once,  F::general,        P::rate_limit},
    {Cause::timeout,        "timeout",         true,  kWait, true,  Rests::counted,  F::general,        P::timeout},
    {Cause::upstream,       "upstream",        true,  kWait, true,  Rests::counted,  F::general,        P::internal_server},
    {Cause::unreachable,    "unreachable",     true,  kWait, false, Rests::in_a_row, F::general,        P::internal_server},
    {Cause::conflict,       "conflict",        true,  kWait, true,  Rests::never,    F::general,        P::none},
    {Cause::plugin,         "plugin",          true,  kWait, true,  Rests::never,    F::general,        P::internal_server},
    {Cause::ours,           "ours",            false, kOnce, false, Rests::never,    F::none,           P::none},
});
// clang-format on

constexpr bool in_order() {
    for (std::size_t i = 0; i < kRules.size(); ++i) {
        if (static_cast<std::size_t>(kRules[i].cause) != i) return false;
    }
    return true;
}
static_assert(in_order(), "a row stands at its cause's number");

constexpr int kClientClosedRequest = 499;

// What the host says itself, without an answer of the provider's, and what a provider's status says
// where its error has no class.
Cause cause_of_status(const Error& error) {
    const int status = error.status();
    switch (status) {
        case 408:
            return Cause::timeout;
        case 409:
            return Cause::conflict;
        case 429:
            return Cause::rate_limit;
        default:
            break;
    }
    if (status < 500) return Cause::bad_request;
    if (error.upstream_status != 0) return Cause::upstream;
    return error.http_status == 0 ? Cause::unreachable : Cause::plugin;
}

}  // namespace

const FailureRule& rule_of(Cause cause) {
    return kRules[static_cast<std::size_t>(cause)];
}

Cause cause_of(const Error& error) {
    if (error.http_status == kClientClosedRequest) return Cause::ours;
    switch (error.cls) {
        case ErrorClass::bad_request:
        case ErrorClass::unsupported:
            return Cause::bad_request;
        case ErrorClass::context_length:
            return Cause::context_length;
        case ErrorClass::content_policy:
            return Cause::content_policy;
        case ErrorClass::authentication:
            return Cause::authentication;
        case ErrorClass::permission:
            return Cause::permission;
        case ErrorClass::not_found:
            return Cause::not_found;
        case ErrorClass::rate_limit:
            return Cause::rate_limit;
        case ErrorClass::quota:
            return Cause::quota;
        case ErrorClass::timeout:
            return Cause::timeout;
        case ErrorClass::overloaded:
            // A plugin that rests says so without asking the provider.
            return error.upstream_status == 0 && error.retry == RetryHint::other ? Cause::plugin
                                                                                 : Cause::upstream;
        case ErrorClass::upstream:
        case ErrorClass::unknown:
            break;
    }
    return cause_of_status(error);
}

}  // namespace patchbay
