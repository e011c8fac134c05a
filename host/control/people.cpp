#include "control/people.hpp"

#include <boost/json/array.hpp>

#include "control/durations.hpp"
#include "control/made_with.hpp"
#include "patchbay/json_tree.hpp"
#include "store/hex.hpp"
#include "store/spend.hpp"

namespace patchbay::control {

namespace json = boost::json;
using store::Subject;

store::Row team_named(Context& context, const std::string& team_id) {
    auto row = must(context.records.get(store::kTeamTable, "team_id", team_id));
    if (!row) refuse_detail(404, "Team not found, passed team_id=" + team_id);
    return std::move(*row);
}

store::Row user_named(Context& context, const std::string& user_id) {
    auto row = must(context.records.get(store::kUserTable, "user_id", user_id));
    if (!row) refuse(404, "not_found_error", "User " + user_id + " not found", "user_id");
    return std::move(*row);
}

store::Row user_or_new(Context& context, store::Writing& writing, const std::string& user_id,
                       const std::string& email) {
    if (user_id.empty()) {
        refuse(400, "bad_request_error", "user_id cannot be empty.", "user_id");
    }
    auto found = must(context.records.get(store::kUserTable, "user_id", user_id));
    if (found) return std::move(*found);
    Entity user(kUserResource);
    user.row.set("user_id", user_id);
    if (!email.empty()) user.row.set("email", email);
    user.row.set("role", std::string(role_name(Role::internal_user_viewer)));
    fill(user, named_user_defaults(context.settings), context.records);
    put(writing, user, "created");
    return std::move(user.row);
}

store::Row key_named(Context& context, const std::string& key) {
    auto row = must(context.records.get(store::kKeyTable, "hash", key_hash(key)));
    if (!row) refuse(404, "not_found_error", "Key not found in database", "key");
    return std::move(*row);
}

void refuse_spend(const Context& context) {
    const json::value* const spend = context.ask.body.if_contains("spend");
    if (spend == nullptr || spend->is_null() || read_money(*spend) == 0) return;
    refuse(400, "bad_request_error", "spend is what the books say: it cannot be set.", "spend");
}

namespace {

std::optional<store::Member> membership(Context& context, std::int64_t team) {
    if (!context.caller.user || team == 0) return std::nullopt;
    return must(context.records.member(Subject::team, team, context.caller.user->id));
}

}  // namespace

bool administers(Context& context, std::int64_t team) {
    if (context.caller.is_admin()) return true;
    const auto member = membership(context, team);
    return member && member->role == "admin";
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

bool is_member(Context& context, std::int64_t team) {
    if (context.caller.sees_all()) return true;
    const auto& key = context.caller.key;
    if (key && team != 0 && key->number("team") == team) return true;
    return membership(context, team).has_value();
}

bool may_change(Context& context, const store::Row& key) {
    if (context.caller.is_admin()) return true;
    const auto& user = context.caller.user;
    if (user && key.number("user") == user->id) return true;
    return key.has("team") && administers(context, key.number("team"));
}

bool may_see(Context& context, const store::Row& key) {
    if (context.caller.sees_all()) return true;
    if (context.caller.key && context.caller.key->id == key.id) return true;
    const auto& user = context.caller.user;
    if (user && key.number("user") == user->id) return true;
    return key.has("team") && user && is_member(context, key.number("team"));
}

void refuse_foreign(const Context& context, const std::string& what) {
    refuse(403, "auth_error",
           "You are not allowed to " + what +
               ". Your role=" + std::string(role_name(context.caller.role)) +
               ". Your user_id=" + context.caller.user_id);
}

json::value name_of(Context& context, const store::Table& table, const store::Row& row,
                    std::string_view column) {
    if (!row.has(column)) return nullptr;
    const std::pair key(&table, row.number(column));
    if (const auto known = context.names.find(key); known != context.names.end()) {
        return known->second;
    }
    const auto named = must(context.records.get(table, key.second));
    json::value name;
    if (named) name = named->text(table.known_by);
    context.names.emplace(key, name);
    return name;
}

store::PageAsk page_ask(const Context& context, std::string_view size_name, std::int64_t size) {
    constexpr std::int64_t kMaxPage = 1'000'000'000;
    store::PageAsk ask;
    ask.page = context.number("page", 1, 1, kMaxPage);
    ask.size = context.number(size_name, size, 1, 100);
    const std::string order = context.text("sort_order").value_or("desc");
    if (order != "asc" && order != "desc") {
        refuse_value("query", "sort_order", "literal_error", "Input should be 'asc' or 'desc'");
    }
    ask.descending = order == "desc";
    return ask;
}

std::int64_t page_count(std::int64_t total, std::int64_t size) {
    return (total + size - 1) / size;
}

json::object shown_key(Context& context, const Entity& key) {
    const store::Row& row = key.row;
    json::object object;
    object["key_name"] = row.has("name") ? json::value(row.text("name")) : json::value();
    const json::object fields = shown(key);
    for (const auto& [name, value] : fields) object[name] = value;
    const auto known = context.spent_by_keys.find(row.id);
    object["spend"] =
        money_value(known != context.spent_by_keys.end()
                        ? known->second
                        : must(store::spent(context.records.database(), Subject::key, row.id)));
    object["expires"] = nullptr;
    if (row.has("expires")) object["expires"] = iso_time(row.number("expires"));
    object["user_id"] = name_of(context, store::kUserTable, row, "user");
    object["team_id"] = name_of(context, store::kTeamTable, row, "team");
    object["organization_id"] = name_of(context, store::kOrganizationTable, row, "organization");
    return object;
}

json::object shown_key_row(Context& context, const Entity& key) {
    json::object object{{"token", store::hex(key.row.text("hash"))}};
    for (const auto& [name, value] : shown_key(context, key)) object[name] = value;
    return object;
}

json::array shown_members(Context& context, std::int64_t team) {
    json::array members;
    for (const store::Member& member : must(context.records.members(Subject::team, team))) {
        const auto user = must(context.records.get(store::kUserTable, member.user));
        if (!user) continue;
        json::value email = nullptr;
        if (user->has("email")) email = user->text("email");
        members.push_back(json::object{{"user_id", user->text("user_id")},
                                       {"user_email", std::move(email)},
                                       {"role", member.role}});
    }
    return members;
}

json::object shown_team(Context& context, const Entity& team) {
    json::object object{{"team_id", team.row.text("team_id")}};
    for (const auto& [name, value] : shown(team)) object[name] = value;
    object["organization_id"] =
        name_of(context, store::kOrganizationTable, team.row, "organization");
    object["members_with_roles"] = shown_members(context, team.row.id);
    object["spend"] =
        money_value(must(store::spent(context.records.database(), Subject::team, team.row.id)));
    return object;
}

json::object shown_user(Context& context, const Entity& user) {
    json::object object{{"user_id", user.row.text("user_id")}};
    for (const auto& [name, value] : shown(user)) object[name] = value;
    json::array teams;
    for (const auto& member : must(context.records.memberships(Subject::team, user.row.id))) {
        const auto team = must(context.records.get(store::kTeamTable, member.parent));
        if (team && !team->deleted_at) teams.emplace_back(team->text("team_id"));
    }
    object["teams"] = std::move(teams);
    json::array organizations;
    for (const auto& member :
         must(context.records.memberships(Subject::organization, user.row.id))) {
        const auto of = must(context.records.get(store::kOrganizationTable, member.parent));
        if (!of || of->deleted_at) continue;
        organizations.push_back(json::object{{"user_id", user.row.text("user_id")},
                                             {"organization_id", of->text("organization_id")},
                                             {"user_role", member.role}});
    }
    object["organization_memberships"] = std::move(organizations);
    // LiteLLM's columns of users, which it does not fill any more: membership is what counts.
    object["team_id"] = object["organization_id"] = nullptr;
    object["spend"] =
        money_value(must(store::spent(context.records.database(), Subject::user, user.row.id)));
    return object;
}

}  // namespace patchbay::control
