// Keys of `router_settings` that say how deployments are chosen, retried and rested.
#pragma once

#include "config/config.hpp"
#include "config/section.hpp"

namespace patchbay {

template <auto Member>
void into_routing(Reader& reader, const Entry& entry, RouterSettings& settings) {
    reader.read(entry, settings.routing.*Member);
}

/// A name that LiteLLM knows and Patchbay has not yet is a warning, and simple-shuffle is taken; one
/// that nobody knows is an error, as in LiteLLM.
void read_strategy(Reader& reader, const Entry& entry, RouterSettings& settings);
/// `{ttl: seconds, lowest_latency_buffer: share}`.
void read_strategy_args(Reader& reader, const Entry& entry, RouterSettings& settings);
/// `{TimeoutErrorRetries: 3, ...}`.
void read_retry_policy(Reader& reader, const Entry& entry, RouterSettings& settings);
/// The same by model group.
void read_group_retry_policy(Reader& reader, const Entry& entry, RouterSettings& settings);
/// `{TimeoutErrorAllowedFails: 3, ...}`.
void read_allowed_fails_policy(Reader& reader, const Entry& entry, RouterSettings& settings);
/// A list of names; what is not known is a warning.
void read_optional_checks(Reader& reader, const Entry& entry, RouterSettings& settings);
/// 0 to 255, of requests without a `priority`.
void read_default_priority(Reader& reader, const Entry& entry, RouterSettings& settings);
/// Seconds, of `session_affinity` and `deployment_affinity`.
void read_affinity_ttl(Reader& reader, const Entry& entry, RouterSettings& settings);
/// `router_settings.patchbay`: what LiteLLM does not have and passes over.
void read_own_settings(Reader& reader, const Entry& entry, RouterSettings& settings);

}  // namespace patchbay
