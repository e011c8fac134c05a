// The guardrails of a call: chosen by the configuration, by its key and by the request.
#pragma once

#include <optional>
#include <string_view>

#include "contract/error.hpp"
#include "engine/call/call.hpp"

namespace patchbay {

/// Sets call.guard if any guardrail looks at this request. An error if the request names one that
/// is not configured (400), or its key or team does (500).
std::optional<Error> set_guard(Call& call, const ModelGroup& group);

/// What guardrails may know of a request: the client's headers and the call's id.
guard::CallFacts facts_of(std::string_view id, const Caller& caller);

}  // namespace patchbay
