// /team/new, update, delete, block, unblock, info, list; /v2/team/list, /team/available.
#include <algorithm>

#include <boost/json/array.hpp>

#include "control/call_rules.hpp"
#include "control/ids.hpp"
#include "control/made_with.hpp"
#include "control/member_budget.hpp"
#include "control/people.hpp"
#include "control/route.hpp"
#include "control/team_members.hpp"
#include "patchbay/json_tree.hpp"
#include "store/hex.hpp"

namespace patchbay::control {

namespace json = boost::json;
using store::AnyOf;
using store::Filter;
using store::Subject;

namespace {

void set_organization(Context& context, Entity& team) {
    const json::value* member = context.ask.body.if_contains("organization_id");
    if (member == nullptr) return;
    const auto name = context.text("organization_id");
    if (!name) return team.row.set("organization", {});
    const auto row = must(context.records.get(store::kOrganizationTable, "organization_id", *name));
    if (!row) refuse_detail(404, "Organization not found, passed organization_id=" + *name);
    team.row.set("organization", row->id);
}

Entity load_team(Context& context, const std::string& team_id) {
    return Entity::load(context.records, kTeamResource, team_named(context, team_id));
}

json::value set_team_blocked(Context& context, bool blocked) {
    Entity team = load_team(context, context.required("team_id"));
    team.row.set("blocked", std::int64_t{blocked ? 1 : 0});
    store::Writing writing = context.write();
    put(writing, team, blocked ? "blocked" : "unblocked");
    must(writing.commit());
    return shown_team(context, team);
}

// Every key of a team, page by page; at most `limit`.
std::vector<store::Row> keys_of(Context& context, std::int64_t team, std::int64_t limit) {
    const store::PageAsk ask{.sort = "id", .descending = false, .page = 1, .size = limit};
    return must(context.records.list(store::kKeyTable, {{{"team", Filter::Op::equal, team}}}, ask))
        .rows;
}

std::int64_t count_keys(Context& context, std::int64_t team) {
    constexpr store::PageAsk kOne{.sort = "id", .page = 1, .size = 1};
    const std::vector<AnyOf> of{{{"team", Filter::Op::equal, team}}};
    return must(context.records.list(store::kKeyTable, of, kOne)).total;
}

constexpr std::int64_t kMostKeysOfTeam = 10'000;  ///< of a team, that /team/info shows

std::vector<AnyOf> team_filters(Context& context) {
    std::vector<AnyOf> filters;
    const auto user_id = context.text("user_id");
    if (!context.caller.sees_all()) {
        if (!context.caller.user || (user_id && *user_id != context.caller.user_id)) {
            refuse(401, "auth_error",
                   "Only admin users can query all teams/other teams. Your user role=" +
                       std::string(role_name(context.caller.role)));
        }
        filters.push_back({{"id", Filter::Op::has_member, context.caller.user->id}});
    } else if (user_id) {
        const auto user = must(context.records.get(store::kUserTable, "user_id", *user_id));
        filters.push_back({{"id", Filter::Op::has_member, user ? user->id : -1}});
    }
    if (const auto name = context.text("organization_id")) {
        const auto row =
            must(context.records.get(store::kOrganizationTable, "organization_id", *name));
        filters.push_back({{"organization", Filter::Op::equal, row ? row->id : -1}});
    }
    if (const auto id = context.text("team_id")) {
        filters.push_back({{"team_id", Filter::Op::equal, *id}});
    }
    if (const auto alias = context.text("team_alias")) {
        filters.push_back({{"alias", Filter::Op::contains, *alias}});
    }
    return filters;
}

// As lists show it.
json::object listed(Context& context, store::Row row) {
    json::object object =
        shown_team(context, Entity::load(context.records, kTeamResource, std::move(row)));
    object["members_count"] = object["members_with_roles"].get_array().size();
    return object;
}

}  // namespace

json::value new_team(Context& asked) {
    const Ask ask = with_team_defaults(asked);
    Context context{asked.records, asked.caller, ask, asked.settings};
    Entity team(kTeamResource);
    const auto given = context.text("team_id");
    const std::string team_id = given && !given->empty() ? *given : new_uuid();
    if (must(context.records.get(store::kTeamTable, "team_id", team_id))) {
        refuse(400, "bad_request_error",
               "Team id = " + team_id + " already exists. Please use a different team id.",
               "team_id");
    }
    team.row.set("team_id", team_id);
    team.row.set("blocked", std::int64_t{0});
    fill(team, context.ask.body, context.records);
    check_call_rules(context, team);
    refuse_member_models(context, "default_team_member_models");
    set_organization(context, team);
    store::Writing writing = context.write();
    put_member_budget(context, writing, team);
    put(writing, team, "created");
    if (const json::value* members = context.ask.body.if_contains("members_with_roles")) {
        if (!members->is_null())
            add_members_of(context, writing, team, *members, "members_with_roles");
    }
    must(writing.commit());
    return shown_team(context, team);
}

json::value update_team(Context& context) {
    Entity team = load_team(context, context.required("team_id"));
    const json::value* const metadata = team.doc.if_contains("metadata");
    const json::value before = metadata ? *metadata : json::value();
    fill(team, context.ask.body, context.records);
    check_call_rules(context, team);
    refuse_member_models(context, "default_team_member_models");
    set_organization(context, team);
    store::Writing writing = context.write();
    put_member_budget(context, writing, team, before);
    put(writing, team, "updated");
    must(writing.commit());
    return json::object{{"team_id", team.row.text("team_id")}, {"data", shown_team(context, team)}};
}

json::value delete_teams(Context& context) {
    std::vector<store::Row> teams;
    for (const std::string& id : context.distinct("team_ids"))
        teams.push_back(team_named(context, id));
    if (teams.empty()) refuse_missing("body", "team_ids");
    json::array deleted;
    store::Writing writing = context.write();
    for (store::Row& team : teams) {
        Entity entity = Entity::load(context.records, kTeamResource, team);
        deleted.emplace_back(shown_team(context, entity));
        // A key of no team would have no team's limits any more: it goes with its team.
        while (true) {
            auto keys = keys_of(context, team.id, 100);
            for (store::Row& key : keys) must(writing.remove(key));
            if (keys.size() < 100) break;
        }
        for (const store::Member& member : must(context.records.members(Subject::team, team.id))) {
            must(writing.remove(member));
        }
        must(writing.remove(team));
    }
    must(writing.commit());
    return json::object{{"deleted_teams", std::move(deleted)}};
}

json::value block_team(Context& context) {
    return set_team_blocked(context, true);
}

json::value unblock_team(Context& context) {
    return set_team_blocked(context, false);
}

json::value team_info(Context& context) {
    const Entity team = load_team(context, context.required("team_id"));
    if (!is_member(context, team.row.id)) {
        refuse(403, "auth_error",
               "User doesn't have access to this team. Team id=" + team.row.text("team_id"));
    }
    json::array keys;
    const bool all = administers(context, team.row.id) || context.caller.sees_all();
    for (store::Row& row : keys_of(context, team.row.id, kMostKeysOfTeam)) {
        if (!all && !may_see(context, row)) continue;
        const Entity key = Entity::load(context.records, kKeyResource, std::move(row));
        keys.emplace_back(shown_key_row(context, key));
    }
    return json::object{{"team_id", team.row.text("team_id")},
                        {"team_info", shown_team(context, team)},
                        {"keys", std::move(keys)},
                        {"team_memberships", shown_memberships(context, team.row)}};
}

json::value list_teams(Context& context) {
    constexpr std::int64_t kMostTeams = 10'000;
    const store::PageAsk ask{.sort = "id", .descending = false, .page = 1, .size = kMostTeams};
    json::array teams;
    for (store::Row& row :
         must(context.records.list(store::kTeamTable, team_filters(context), ask)).rows) {
        teams.emplace_back(listed(context, std::move(row)));
    }
    return teams;
}

json::value page_teams(Context& context) {
    store::PageAsk ask = page_ask(context, "page_size", 10);
    ask.descending = context.text("sort_order").value_or("asc") == "desc";
    const std::string by = context.text("sort_by").value_or("created_at");
    if (by == "team_alias") {
        ask.sort = "alias";
    } else if (by == "team_id") {
        ask.sort = "team_id";
    } else if (by != "created_at") {
        refuse_detail(400, "Invalid sort column. Must be one of: team_id, team_alias, created_at");
    }
    store::RowPage page = must(context.records.list(store::kTeamTable, team_filters(context), ask));
    json::array teams;
    for (store::Row& row : page.rows) {
        const std::int64_t id = row.id;
        json::object team = listed(context, std::move(row));
        team["keys_count"] = count_keys(context, id);
        teams.emplace_back(std::move(team));
    }
    return json::object{{"teams", std::move(teams)},
                        {"total", page.total},
                        {"page", ask.page},
                        {"page_size", ask.size},
                        {"total_pages", page_count(page.total, ask.size)}};
}

// Teams that anybody may join: LiteLLM names them in a setting that is not served yet.
json::value available_teams(Context&) {
    return json::array();
}

}  // namespace patchbay::control
