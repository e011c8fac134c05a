// Members of teams: what teams.cpp and team_members.cpp share.
#pragma once

#include "control/people.hpp"

namespace patchbay::control {

/// Adds the members of `list`, one {"user_id" or "user_email", "role"} or several; refuses one that is a
/// member. `where` is the member of the body in which they stand. The rows of their users.
std::vector<store::Row> add_members_of(Context& context, store::Writing& writing, Entity& team,
                                       const boost::json::value& list, std::string_view where);

/// LiteLLM's LiteLLM_TeamMembership of each member.
boost::json::array shown_memberships(Context& context, const store::Row& team);

}  // namespace patchbay::control
