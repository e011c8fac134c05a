// What callers that are no administrators may give to keys.
#pragma once

#include "control/people.hpp"

namespace patchbay::control {

/// Whether the caller administers the team, or is a member to whom the team gives this route for its keys
/// (`team_member_permissions`).
bool member_may(Context& context, std::int64_t team, std::string_view route);

/// Of the `metadata` of a key: whose calls `service_account_settings` are for.
inline constexpr std::string_view kServiceAccount = "service_account_id";

/// Refuses a new key that the caller may not make: with what only administrators give, of a team in which it
/// has no say, or where `key_generation_settings` do not let it.
void check_new_key(Context& context, std::string_view route);

/// Refuses a key that is to be rotated by itself.
void check_rotation(const Context& context);

/// Refuses a change of a key by which its owner would widen what others have set for it, or by which an
/// administrator of its team would give it to others.
void check_guarded(Context& context, const Entity& key);

}  // namespace patchbay::control
