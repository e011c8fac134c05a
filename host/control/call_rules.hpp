// What a key or a team lays down for each of its calls: guardrails, parameters that a request must have.
#pragma once

#include "control/entity.hpp"

namespace patchbay::control {

/// Refuses (400) what the body gives to a key or a team, by its own name or in `metadata`, and what no call could be kept
/// to: `guardrails` that the gateway does not have, `policies`, of which there are none; and (422) what is no list of
/// texts of `guardrails` and `enforced_params`. What the body does not speak of is not looked at. After fill().
void check_call_rules(const Context& context, const Entity& entity);

}  // namespace patchbay::control
