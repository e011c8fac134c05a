// A request that names several models: "gpt-4o, claude" (LiteLLM, chat completions).
//
// Each model gets a call of its own: admitted, limited, guarded, logged and paid for as if it had been
// made alone, under the request's id with a number behind it. With `fastest_response: true` they race:
// the first that says something has the request, and the others are left at once; what they used until
// then is booked like that of any call that was left. Else the answers are a list, in the order of the
// models; where some fail an item is the error, and if all do the first error is the answer.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "engine/call/answer.hpp"
#include "engine/call/call.hpp"

namespace patchbay {

/// So many models may be named at once.
inline constexpr std::size_t kMostModels = 16;

/// Is the request, which was read, for several models? Not where its name with the commas is that of
/// a model.
bool names_several(const Call& call);

/// Runs a call for each and answers; all have ended then. `call` itself is counted only where the
/// request is refused as a whole.
boost::asio::awaitable<void> run_several(Call& call, const AskParts& parts, Answer& answer);

}  // namespace patchbay
