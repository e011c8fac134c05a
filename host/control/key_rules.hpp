// What callers that are no administrators may give to keys.
#pragma once

#include "control/people.hpp"

namespace patchbay::control {

/// Refuses a new key that the caller may not make: with what only administrators give, or of a team in which it
/// has no say.
void check_new_key(Context& context);

/// Refuses a change of a key by which its owner would widen what others have set for it, or by which an
/// administrator of its team would give it to others.
void check_guarded(Context& context, const Entity& key);

}  // namespace patchbay::control
