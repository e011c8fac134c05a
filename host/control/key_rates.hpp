// Rates of keys that are guaranteed: what a team gives away must not be more than it has.
#pragma once

#include "control/entity.hpp"

namespace patchbay::control {

/// `rpm_limit_type`, `tpm_limit_type`: a key with `guaranteed_throughput` is refused (400) if its rate and those that are
/// guaranteed to other keys of its team are together more than the team's limit; so is a type that is none. Within
/// the writing that writes the key.
void check_guaranteed(Context& context, const Entity& key);

}  // namespace patchbay::control
