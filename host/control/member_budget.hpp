// What members of a team have who have no budget of their own: `team_member_budget`, `team_member_budget_duration`,
// `team_member_rpm_limit` and `team_member_tpm_limit` of the team. They share one budget without a name, of which each
// spends for itself, so that a change of the team's terms is a change of theirs.
#pragma once

#include <array>
#include <utility>

#include "control/entity.hpp"

namespace patchbay::control {

/// The members of a team's `metadata` where LiteLLM keeps the terms, and what they are of a budget.
inline constexpr auto kMemberTerms = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"team_member_budget", "max_budget"},
     {"team_member_budget_duration", "budget_duration"},
     {"team_member_rpm_limit", "rpm_limit"},
     {"team_member_tpm_limit", "tpm_limit"}});

/// Writes what the request says of it into the team's budget of members, which those have from now on who have none.
/// After fill(), before the team is written; `before` is the team's metadata as it was: terms that the request does not
/// speak of stay there, also where it gives other metadata.
void put_member_budget(Context& context, store::Writing& writing, Entity& team,
                       const boost::json::value& before = {});
/// The row of that budget; nullopt if the team has none.
std::optional<std::int64_t> member_budget(const Entity& team);
/// Keeps a budget as the team's, without writing it.
void set_member_budget(Entity& team, std::int64_t budget);

}  // namespace patchbay::control
