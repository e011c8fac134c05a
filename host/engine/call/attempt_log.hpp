// What the program's log says of attempts.
#pragma once

#include "contract/error.hpp"
#include "engine/call/attempt.hpp"
#include "engine/exchange/exchange.hpp"

namespace patchbay {

/// Notes and tells (at debug) where an attempt goes.
void begin_attempt_log(const Call& call, const AttemptState& state, const ExchangeRequest& request);

/// Tells how an attempt ended: a failure at warning, with its deployment as "openai/gpt-4o at
/// http://..."; `failed` must be clean. Success (nullptr) at debug.
void log_attempt(const Call& call, const AttemptState& state, const Error* failed = nullptr);

}  // namespace patchbay
