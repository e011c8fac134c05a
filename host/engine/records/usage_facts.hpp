// What a record says of what its call used.
#pragma once

#include <span>

#include <boost/json/object.hpp>

#include "engine/records/ledger_entry.hpp"

namespace patchbay {

/// Adds the sum of all attempts to the facts of a record, under LiteLLM's names (prompt_tokens,
/// usage_object, response_cost, cost_breakdown, ...), and with several attempts each by itself: to the objects of
/// facts["attempts"], which stand in the order of the entries and say where each went. Any thread.
void add_usage(boost::json::object& facts, std::span<const LedgerEntry> attempts);

}  // namespace patchbay
