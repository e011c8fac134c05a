// The attempts of a call: one after another until one is answered.
#pragma once

#include <optional>

#include <boost/asio/awaitable.hpp>

#include "contract/failed.hpp"
#include "engine/call/answer.hpp"
#include "engine/call/call.hpp"
#include "engine/router/plan.hpp"

namespace patchbay {

/// Does what the plan says until one attempt answers, and leaves its answer in `answer`, released by
/// the guardrails of the call. Once anything of an answer was sent there is no other attempt.
/// nullopt: all of a good answer is in `answer`, which is not finished; else the error for the
/// client.
boost::asio::awaitable<Failed> run_attempts(Call& call, Plan& plan, Answer& answer);

/// call.hub, translated if it was not yet. An error (400) is for the client.
std::optional<Error> translate(Call& call);

}  // namespace patchbay
