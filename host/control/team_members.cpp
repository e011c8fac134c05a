// /team/member_add, member_update, member_delete.
#include "control/team_members.hpp"

#include <boost/json/array.hpp>

#include "control/ids.hpp"
#include "control/route.hpp"

namespace patchbay::control {

namespace json = boost::json;
using store::Subject;

namespace {

std::optional<std::string> text_in(const json::object& object, std::string_view name) {
    const json::value* member = object.if_contains(name);
    if (member == nullptr || member->is_null()) return std::nullopt;
    if (!member->is_string()) {
        refuse_value("body", name, "string_type", "Input should be a valid string");
    }
    return std::string(member->get_string());
}

Entity administered_team(Context& context) {
    Entity team = Entity::load(context.records, kTeamResource,
                               team_named(context, context.required("team_id")));
    if (!administers(context, team.row.id)) {
        refuse(403, "auth_error",
               "Call not allowed. User not proxy admin OR team admin. team_id=" +
                   team.row.text("team_id"));
    }
    return team;
}

// The user of a member that is named by id or address; a new one if that is nobody's.
store::Row user_of(Context& context, store::Writing& writing, const json::object& member) {
    const auto id = text_in(member, "user_id");
    const auto email = text_in(member, "user_email");
    if (id) return user_or_new(context, writing, *id, email.value_or(""));
    if (!email) {
        refuse(400, "bad_request_error", "Either user_id or user_email must be provided", "member");
    }
    constexpr store::PageAsk kTwo{.sort = "id", .page = 1, .size = 2};
    auto found = must(context.records.list(store::kUserTable,
                                           {{{"email", store::Filter::Op::equal, *email}}}, kTwo));
    if (found.rows.size() > 1) {
        refuse(400, "bad_request_error",
               "Multiple users with this email found in db. Please use 'user_id' instead.",
               "user_email");
    }
    if (!found.rows.empty()) return std::move(found.rows.front());
    return user_or_new(context, writing, new_uuid(), *email);
}

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

// max_budget_in_team and the limits that stand beside it, as a budget of the member's own.
void set_limits(Context& context, store::Writing& writing, store::Member& member) {
    constexpr std::pair<std::string_view, std::string_view> kNames[] = {
        {"max_budget_in_team", "max_budget"},
        {"budget_duration", "budget_duration"},
        {"rpm_limit", "rpm_limit"},
        {"tpm_limit", "tpm_limit"}};
    json::object limits;
    for (const auto& [asked, name] : kNames) {
        const json::value* value = context.ask.body.if_contains(asked);
        if (value != nullptr) limits[name] = *value;
    }
    if (limits.empty()) return;
    Entity budget(kBudgetResource);
    if (member.budget) {
        auto row = must(context.records.get(store::kBudgetTable, *member.budget));
        if (row) budget = Entity::load(context.records, kBudgetResource, std::move(*row));
    }
    fill(budget, limits, context.records);
    put(writing, budget, budget.is_new() ? "created" : "updated");
    member.budget = budget.row.id;
}

std::string checked_role(const std::optional<std::string>& role) {
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
        const std::string role = checked_role(text_in(*member, "role"));
        store::Row user = user_of(context, writing, *member);
        if (must(context.records.member(Subject::team, team.row.id, user.id))) {
            refuse(400, "team_member_already_in_team",
                   "User=" + user.text("user_id") +
                       " already in team. Existing members: see /team/info",
                   "user_id");
        }
        store::Member made{Subject::team, team.row.id, user.id, role, {}, "{}"};
        if (where == "member") set_limits(context, writing, made);
        must(writing.put(made));
        users.push_back(std::move(user));
    }
    return users;
}

json::array shown_memberships(Context& context, const store::Row& team) {
    json::array memberships;
    for (const store::Member& member : must(context.records.members(Subject::team, team.id))) {
        const auto user = must(context.records.get(store::kUserTable, member.user));
        if (!user) continue;
        json::object shown_member{{"user_id", user->text("user_id")},
                                  {"team_id", team.text("team_id")},
                                  {"budget_id", nullptr},
                                  {"litellm_budget_table", nullptr}};
        if (member.budget) {
            auto row = must(context.records.get(store::kBudgetTable, *member.budget));
            if (row) {
                shown_member["litellm_budget_table"] =
                    shown(Entity::load(context.records, kBudgetResource, std::move(*row)));
            }
        }
        memberships.emplace_back(std::move(shown_member));
    }
    return memberships;
}

json::value add_members(Context& context) {
    Entity team = administered_team(context);
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
    auto [user, member] = named_member(context, team);
    if (const auto role = context.text("role")) member.role = checked_role(role);
    store::Writing writing = context.write();
    set_limits(context, writing, member);
    must(writing.put(member));
    must(writing.commit());
    const json::value* budget = context.ask.body.if_contains("max_budget_in_team");
    return json::object{
        {"team_id", team.row.text("team_id")},
        {"user_id", user.text("user_id")},
        {"user_email", user.has("email") ? json::value(user.text("email")) : nullptr},
        {"role", member.role},
        {"max_budget_in_team", budget ? *budget : json::value()}};
}

}  // namespace patchbay::control
