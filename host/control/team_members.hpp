// Members of teams and organizations: what their handlers share.
#pragma once

#include "control/people.hpp"

namespace patchbay::control {

/// Adds the members of `list`, one {"user_id" or "user_email", "role"} or several; refuses one that is a
/// member. `where` is the member of the body in which they stand. The rows of their users.
std::vector<store::Row> add_members_of(Context& context, store::Writing& writing, Entity& team,
                                       const boost::json::value& list, std::string_view where);

/// The member of the body that holds one member or a list of them, as objects; refused if it is neither.
std::vector<boost::json::object> members_in(Context& context, std::string_view name);
/// The text of a member of an object; nothing if it is not there or null.
std::optional<std::string> text_in(const boost::json::object& object, std::string_view name);
/// The user of a member that is named by user_id or user_email; a new one if that is nobody's.
store::Row user_of_member(Context& context, store::Writing& writing,
                          const boost::json::object& member);
/// The limits of a member in the body, its money under the name `budget`, as a budget of the member's own; `shared` is the
/// row of one that members have together (member_budget.hpp).
void set_member_limits(Context& context, store::Writing& writing, store::Member& member,
                       std::string_view budget, std::optional<std::int64_t> shared = {});
/// Refuses a list of models for single members: they have those of their team, and who was to have fewer must not have all of
/// them without a word.
void refuse_member_models(const Context& context, std::string_view name);
/// The budget of a member; null if it has none.
boost::json::value shown_budget(Context& context, const store::Member& member);

/// LiteLLM's LiteLLM_TeamMembership of a member.
boost::json::object shown_membership(Context& context, const store::Row& team,
                                     const store::Row& user, const store::Member& member);
/// The same of each member.
boost::json::array shown_memberships(Context& context, const store::Row& team);
/// A user's address; null if it has none.
boost::json::value email_of(const store::Row& user);

}  // namespace patchbay::control
