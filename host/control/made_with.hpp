// What the configuration gives to keys, users and teams that are made, and what it bounds (config/key_settings.hpp).
#pragma once

#include "control/entity.hpp"

namespace patchbay::control {

/// The request with what `default_key_generate_params` gives where it says nothing, and then the bounds of
/// `upperbound_key_generate_params`. Beside a `budget_id` nothing of what a budget has is added.
Ask with_key_defaults(const Context& context);
/// The bounds alone, where the body of a request for a key says nothing.
void add_bounds(const Settings& settings, boost::json::object& body);
/// Refuses a key that is made, or a change of one, beyond a bound: what is made, and of a change what the body speaks
/// of. After fill(). A key that is older than the bound keeps what it has.
void check_bounds(const Context& context, const Entity& key);

/// The request with `default_internal_user_params`, if the user will be no administrator, and with the budget of
/// internal users, if it will be one.
Ask with_user_defaults(const Context& context);
/// What a user is made with that a key or a team only names.
boost::json::object named_user_defaults(const Settings& settings);
/// Gives the budget of internal users to one who has become such, and has none.
void add_internal_budget(const Context& context, Entity& user);

/// The request with `default_team_params`.
Ask with_team_defaults(const Context& context);

}  // namespace patchbay::control
