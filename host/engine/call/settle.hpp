// Where a call ends.
#pragma once

#include "engine/call/call.hpp"

namespace patchbay {

/// THE place where a call ends, once per call and before the last byte of its answer is sent:
/// what it costs, its entries in the books, metrics with all that its attempts used, what guardrails did, the log record. `error` is nullptr
/// for success. Nothing after the first time.
void settle(Call& call, const Error* error);

/// The same for a call that is left in the middle because its client hung up (499). A call that
/// reached no deployment is in no metric.
void settle_left(Call& call);

/// Counts a request that came to no model: a page, or one that was refused at the door.
void count_request(Engine& engine, std::string_view route, int status, std::string_view exception,
                   Call::Clock::duration total);

}  // namespace patchbay
