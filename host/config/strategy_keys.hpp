// Keys that say how deployments are picked: of `router_settings`, and of each of its `routing_groups`.
#pragma once

#include "config/config.hpp"
#include "config/section.hpp"

namespace patchbay {

/// `routing_strategy`. A name that LiteLLM knows and Patchbay has not yet is a warning, and simple-shuffle is taken; one
/// that nobody knows is an error, as in LiteLLM.
void read_strategy(Reader& reader, const Entry& entry, StrategySettings& settings);
/// `routing_strategy_args`: `{ttl: seconds, lowest_latency_buffer: share}`.
void read_strategy_args(Reader& reader, const Entry& entry, StrategySettings& settings);

/// `routing_groups`, a list. What LiteLLM refuses is an error: a group without a name or with one that another has, a
/// model in two groups, a strategy that nobody knows, priorities that are not those of the group's models.
void read_routing_groups(Reader& reader, const Entry& entry, RouterSettings& settings);

}  // namespace patchbay
