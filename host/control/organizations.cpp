// /organization/new, update, delete, info, list, and its members.
#include <algorithm>
#include <array>

#include <boost/json/array.hpp>

#include "control/ids.hpp"
#include "control/people.hpp"
#include "control/route.hpp"
#include "control/team_members.hpp"
#include "store/spend.hpp"

namespace patchbay::control {

namespace json = boost::json;
using store::AnyOf;
using store::Filter;
using store::Subject;

namespace {

constexpr std::int64_t kMostRows = 10'000;
constexpr std::string_view kBudgetInOrganization = "max_budget_in_organization";

Entity organization_named(Context& context, const std::string& id) {
    auto row = must(context.records.get(store::kOrganizationTable, "organization_id", id));
    if (!row) refuse_detail(404, "Organization not found, passed organization_id=" + id);
    return Entity::load(context.records, kOrganizationResource, std::move(*row));
}

json::object shown_member(Context& context, const Entity& organization,
                          const store::Member& member) {
    const auto user = must(context.records.get(store::kUserTable, member.user));
    json::object object{{"user_id", user ? json::value(user->text("user_id")) : nullptr},
                        {"user_email", user ? email_of(*user) : nullptr},
                        {"organization_id", organization.row.text("organization_id")},
                        {"user_role", member.role},
                        {"budget_id", nullptr},
                        {"litellm_budget_table", shown_budget(context, member)}};
    return object;
}

json::object shown_organization(Context& context, const Entity& organization) {
    const std::int64_t id = organization.row.id;
    json::object object{{"organization_id", organization.row.text("organization_id")}};
    for (const auto& [name, value] : shown(organization)) object[name] = value;
    object["spend"] =
        money_value(must(store::spent(context.records.database(), Subject::organization, id)));
    json::array members;
    for (const auto& member : must(context.records.members(Subject::organization, id))) {
        members.emplace_back(shown_member(context, organization, member));
    }
    object["members"] = std::move(members);
    json::array teams;
    const store::PageAsk all{.sort = "id", .descending = false, .page = 1, .size = kMostRows};
    const std::vector<AnyOf> of{{{"organization", Filter::Op::equal, id}}};
    for (store::Row& row : must(context.records.list(store::kTeamTable, of, all)).rows) {
        teams.emplace_back(
            shown_team(context, Entity::load(context.records, kTeamResource, std::move(row))));
    }
    object["teams"] = std::move(teams);
    return object;
}

std::string checked_organization_role(const std::optional<std::string>& role) {
    constexpr auto kRoles =
        std::to_array<std::string_view>({"org_admin", "internal_user", "internal_user_viewer"});
    if (!role) return std::string(kRoles[1]);
    if (std::find(kRoles.begin(), kRoles.end(), *role) == kRoles.end()) {
        refuse_value("body", "role", "literal_error",
                     "Input should be 'org_admin', 'internal_user' or 'internal_user_viewer'");
    }
    return *role;
}

std::pair<Entity, store::Member> named_member(Context& context) {
    Entity organization = organization_named(context, context.required("organization_id"));
    const store::Row user = user_named(context, context.required("user_id"));
    auto member = must(context.records.member(Subject::organization, organization.row.id, user.id));
    if (!member) refuse_detail(404, "User is not a member of the organization");
    return {std::move(organization), std::move(*member)};
}

}  // namespace

json::value new_organization(Context& context) {
    Entity organization(kOrganizationResource);
    const auto given = context.text("organization_id");
    const std::string id = given && !given->empty() ? *given : new_uuid();
    if (context.required("organization_alias").empty())
        refuse_missing("body", "organization_alias");
    if (must(context.records.get(store::kOrganizationTable, "organization_id", id))) {
        refuse_detail(400, "Organization with organization_id=" + id + " already exists");
    }
    organization.row.set("organization_id", id);
    fill(organization, context.ask.body, context.records);
    store::Writing writing = context.write();
    put(writing, organization, "created");
    must(writing.commit());
    return shown_organization(context, organization);
}

json::value update_organization(Context& context) {
    Entity organization = organization_named(context, context.required("organization_id"));
    fill(organization, context.ask.body, context.records);
    store::Writing writing = context.write();
    put(writing, organization, "updated");
    must(writing.commit());
    return shown_organization(context, organization);
}

// One that has teams or keys stays: without it they would lose its limits.
json::value delete_organizations(Context& context) {
    const auto ids = context.distinct("organization_ids");
    if (ids.empty()) refuse_missing("body", "organization_ids");
    constexpr store::PageAsk kOne{.sort = "id", .page = 1, .size = 1};
    json::array deleted;
    store::Writing writing = context.write();
    for (const std::string& id : ids) {
        Entity organization = organization_named(context, id);
        const std::vector<AnyOf> of{{{"organization", Filter::Op::equal, organization.row.id}}};
        for (const store::Table* table : {&store::kTeamTable, &store::kKeyTable}) {
            const auto users = must(context.records.list(*table, of, kOne));
            if (users.total == 0) continue;
            refuse_detail(400, "Organization " + id + " still has " + std::to_string(users.total) +
                                   " rows of " + std::string(table->name));
        }
        deleted.emplace_back(shown_organization(context, organization));
        for (const auto& member :
             must(context.records.members(Subject::organization, organization.row.id))) {
            must(writing.remove(member));
        }
        must(writing.remove(organization.row));
    }
    must(writing.commit());
    return deleted;
}

json::value organization_info(Context& context) {
    const Entity organization = organization_named(context, context.required("organization_id"));
    if (!context.caller.sees_all()) {
        const auto& user = context.caller.user;
        const bool member = user && must(context.records.member(Subject::organization,
                                                                organization.row.id, user->id));
        if (!member) refuse_foreign(context, "see this organization");
    }
    return shown_organization(context, organization);
}

json::value list_organizations(Context& context) {
    std::vector<AnyOf> filters;
    if (!context.caller.sees_all()) {
        const std::int64_t user = context.caller.user ? context.caller.user->id : -1;
        filters.push_back({{"id", Filter::Op::has_member, user}});
    }
    if (const auto id = context.text("org_id")) {
        filters.push_back({{"organization_id", Filter::Op::equal, *id}});
    }
    if (const auto alias = context.text("org_alias")) {
        filters.push_back({{"alias", Filter::Op::contains, *alias}});
    }
    const store::PageAsk all{.sort = "id", .descending = false, .page = 1, .size = kMostRows};
    json::array organizations;
    for (store::Row& row :
         must(context.records.list(store::kOrganizationTable, filters, all)).rows) {
        organizations.emplace_back(shown_organization(
            context, Entity::load(context.records, kOrganizationResource, std::move(row))));
    }
    return organizations;
}

json::value add_organization_members(Context& context) {
    const Entity organization = organization_named(context, context.required("organization_id"));
    json::array updated;
    json::array memberships;
    store::Writing writing = context.write();
    for (const json::object& asked : members_in(context, "member")) {
        const store::Row user = user_of_member(context, writing, asked);
        if (must(context.records.member(Subject::organization, organization.row.id, user.id))) {
            refuse(400, "bad_request_error",
                   "User=" + user.text("user_id") + " is a member of the organization already",
                   "user_id");
        }
        store::Member member{Subject::organization,
                             organization.row.id,
                             user.id,
                             checked_organization_role(text_in(asked, "role")),
                             {},
                             "{}"};
        set_member_limits(context, writing, member, kBudgetInOrganization);
        must(writing.put(member));
        updated.emplace_back(
            shown_user(context, Entity::load(context.records, kUserResource, user)));
        memberships.emplace_back(shown_member(context, organization, member));
    }
    must(writing.commit());
    return json::object{{"organization_id", organization.row.text("organization_id")},
                        {"updated_users", std::move(updated)},
                        {"updated_organization_memberships", std::move(memberships)}};
}

json::value update_organization_member(Context& context) {
    auto [organization, member] = named_member(context);
    if (const auto role = context.text("role")) member.role = checked_organization_role(role);
    store::Writing writing = context.write();
    set_member_limits(context, writing, member, kBudgetInOrganization);
    must(writing.put(member));
    must(writing.commit());
    return shown_member(context, organization, member);
}

json::value remove_organization_member(Context& context) {
    const auto [organization, member] = named_member(context);
    json::value shown = shown_member(context, organization, member);
    store::Writing writing = context.write();
    must(writing.remove(member));
    must(writing.commit());
    return shown;
}

}  // namespace patchbay::control
