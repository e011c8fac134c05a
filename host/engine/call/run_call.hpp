// THE WAY OF A CALL, whatever its operation and whoever asks.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "engine/call/answer.hpp"
#include "engine/call/call.hpp"

namespace patchbay {

/// Reads the request, finds its model group, asks its guardrails, tries deployments until one
/// answers, settles the call and finishes the answer, with what the provider said or with an error.
/// `parts` outlives the call. Throws system_error(operation_aborted) if the awaiting coroutine is
/// cancelled; then the call settles itself when it ends.
boost::asio::awaitable<void> run_call(Call& call, const AskParts& parts, Answer& answer);

}  // namespace patchbay
