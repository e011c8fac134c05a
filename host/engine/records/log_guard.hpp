// Guardrails that look at log records: on the log thread, where nobody waits for them.
#pragma once

#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include "engine/guard/call_guard.hpp"
#include "engine/records/call_record.hpp"
#include "engine/records/metrics.hpp"
#include "engine/records/payload.hpp"
#include "engine/world/snapshot.hpp"

namespace patchbay {

/// What a worker notes in a call's facts for mask_record(): which guardrails look at the record,
/// with their settings and what they may know of the call. Empty if none does.
boost::json::object log_guard_facts(const guard::CallGuard& guard);

/// An entry that owns its texts.
struct OwnedEntry {
    boost::json::object facts;
    std::string request;
    std::string answer;
};

/// Shows request and answer to the guardrails that facts["log_guards"] names, as `snapshot` has
/// them, and leaves what they made of it; a stream's answer is put together first, with what could
/// not be read in `unread`. Adds what they did to facts["guardrail_information"] and to `metrics`.
/// If one gives no verdict or is not there any more, the record shows no text. The guardrails' own
/// time limits bound the time.
boost::asio::awaitable<void> mask_record(ExchangeContext context, const Snapshot& snapshot,
                                         OwnedEntry& entry, WorkerMetrics& metrics, Unread& unread);

/// Counts what guardrails did.
void count_guardrails(WorkerMetrics& metrics, const guard::CallGuard& guard);

/// LiteLLM's StandardLoggingGuardrailInformation of what guardrails did.
boost::json::array guardrail_information(const guard::CallGuard& guard);

}  // namespace patchbay
