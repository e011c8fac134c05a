// The guardrails of a call: chosen by the configuration and by the request.
#pragma once

#include <optional>

#include "engine/error.hpp"
#include "gateway/attempt.hpp"
#include "gateway/call.hpp"

namespace patchbay::gateway {

/// Sets call.guard if any guardrail looks at this request. An error if the request names one that
/// is not configured.
std::optional<Error> set_guard(Call& call, const ChatRequest& chat, const ModelGroup& group);

/// What guardrails may know of a request: the client's headers and the call's id.
guard::CallFacts facts_of(const Call& call);

}  // namespace patchbay::gateway
