// /team/member_add, member_update, member_delete.
#include "control/team_members.hpp"

#include <boost/json/array.hpp>

#include "control/member_budget.hpp"
#include "control/route.hpp"
#include "store/spend.hpp"

namespace patchbay::control {

namespace json = boost::json;
using store::Subject;

namespace {

constexpr std::string_view kBudgetInTeam = "max_budget_in_team";

// The member that the body names; refuses if there is none.
std::pair<store::Row, store::Member> named_member(Context& context, const Entity& team) {
    const auto id = context.text("user_id");
    const auto email = context.text("user_email");
    if (!id && !email) {
        refuse(400, "bad_request_error", "Either user_id or user_email must be provided",
               "user_id");
    }
    for (const auto& member : must(context.records.members(Subject::team, team.row.id))) {
        auto user = must(context.records.get(store::kUserTable, member.user));
        if (!user) continue;
        if (id ? user->text("user_id") == *id : user->text("email") == *email) {
            return {std::move(*user), member};
        }
    }
    refuse_detail(404, "User is not a member of the team. team_id=" + team.row.text("team_id"));
}

std::string checked_team_role(const std::optional<std::string>& role) {
    if (!role) return "user";
    if (*role != "admin" && *role != "user") {
        refuse_value("body", "role", "literal_error", "Input should be 'admin' or 'user'");
    }
    return *role;
}

json::object with_users(Context& context, const Entity& team,
                        const std::vector<store::Row>& users) {
    json::object object = shown_team(context, team);
    json::array updated;
    for (const store::Row& user : users) {
        updated.emplace_back(
            shown_user(context, Entity::load(context.records, kUserResource, user)));
    }
    object["updated_users"] = std::move(updated);
    object["updated_team_memberships"] = shown_memberships(context, team.row);
    return object;
}

}  // namespace

std::vector<store::Row> add_members_of(Context& context, store::Writing& writing, Entity& team,
                                       const json::value& list, std::string_view where) {
    json::array one;
    if (list.is_object()) one.push_back(list);
    const json::array* members = list.is_object() ? &one : list.if_array();
    if (members == nullptr) {
        refuse_value("body", where, "list_type", "Input should be a valid list");
    }
    std::vector<store::Row> users;
    for (const json::value& element : *members) {
        const json::object* member = element.if_object();
        if (member == nullptr) {
            refuse_value("body", where, "dict_type", "Input should be a valid dictionary");
        }
        const std::string role = checked_team_role(text_in(*member, "role"));
        store::Row user = user_of_member(context, writing, *member);
        if (must(context.records.member(Subject::team, team.row.id, user.id))) {
            refuse(400, "team_member_already_in_team",
                   "User=" + user.text("user_id") +
                       " already in team. Existing members: see /team/info",
                   "user_id");
        }
        const auto shared = member_budget(team);
        store::Member made{Subject::team, team.row.id, user.id, role, shared, "{}"};
        if (where == "member") set_member_limits(context, writing, made, kBudgetInTeam, shared);
        must(writing.put(made));
        users.push_back(std::move(user));
    }
    return users;
}

// A member's budget is its own and has no name.
json::object shown_membership(Context& context, const store::Row& team, const store::Row& user,
                              const store::Member& member) {
    const auto spent = must(store::spent_by_member(context.records.database(), team.id, user.id));
    return {{"user_id", user.text("user_id")},
            {"team_id", team.text("team_id")},
            {"budget_id", nullptr},
            {"spend", money_value(spent)},
            {"litellm_budget_table", shown_budget(context, member)}};
}

json::array shown_memberships(Context& context, const store::Row& team) {
    json::array memberships;
    for (const store::Member& member : must(context.records.members(Subject::team, team.id))) {
        const auto user = must(context.records.get(store::kUserTable, member.user));
        if (user) memberships.emplace_back(shown_membership(context, team, *user, member));
    }
    return memberships;
}

json::value add_members(Context& context) {
    Entity team = administered_team(context);
    refuse_member_models(context, "allowed_models");
    const json::value* members = context.ask.body.if_contains("member");
    if (members == nullptr) refuse_missing("body", "member");
    store::Writing writing = context.write();
    const auto users = add_members_of(context, writing, team, *members, "member");
    must(writing.commit());
    return with_users(context, team, users);
}

json::value remove_member(Context& context) {
    const Entity team = administered_team(context);
    const auto [user, member] = named_member(context, team);
    store::Writing writing = context.write();
    must(writing.remove(member));
    must(writing.commit());
    return shown_team(context, team);
}

json::value update_member(Context& context) {
    const Entity team = administered_team(context);
    refuse_member_models(context, "allowed_models");
    auto [user, member] = named_member(context, team);
    if (const auto role = context.text("role")) member.role = checked_team_role(role);
    store::Writing writing = context.write();
    set_member_limits(context, writing, member, kBudgetInTeam, member_budget(team));
    must(writing.put(member));
    must(writing.commit());
    const json::value limits = shown_budget(context, member);
    const auto limit = [&](std::string_view name) {
        return limits.is_object() ? limits.get_object().at(name) : json::value();
    };
    return json::object{
        {"team_id", team.row.text("team_id")}, {"user_id", user.text("user_id")},
        {"user_email", email_of(user)},        {"role", member.role},
        {kBudgetInTeam, limit("max_budget")},  {"tpm_limit", limit("tpm_limit")},
        {"rpm_limit", limit("rpm_limit")},     {"budget_duration", limit("budget_duration")}};
}

}  // namespace patchbay::control
