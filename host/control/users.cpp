// /user/new, update, delete, info, list; /v2/user/info.
#include <boost/algorithm/string/predicate.hpp>
#include <boost/json/array.hpp>

#include "control/ids.hpp"
#include "control/made_with.hpp"
#include "control/member_budget.hpp"
#include "control/people.hpp"
#include "control/route.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::control {

namespace json = boost::json;
using store::AnyOf;
using store::Filter;
using store::Subject;

namespace {

void check_role(Context& context) {
    const auto role = context.text("user_role");
    if (role && !role_of(*role)) {
        refuse_value("body", "user_role", "enum",
                     "Input should be 'proxy_admin', 'proxy_admin_viewer', 'internal_user' or "
                     "'internal_user_viewer'");
    }
}

// The teams of a new user: names, or {"team_id", "user_role", "max_budget_in_team"}.
void join_teams(Context& context, store::Writing& writing, const store::Row& user) {
    const json::value* teams = context.ask.body.if_contains("teams");
    if (teams == nullptr || teams->is_null()) return;
    if (!teams->is_array())
        refuse_value("body", "teams", "list_type", "Input should be a valid list");
    for (const json::value& element : teams->get_array()) {
        const json::value* id = &element;
        std::string role = "user";
        const json::value* budget = nullptr;
        if (const json::object* object = element.if_object()) {
            id = object->if_contains("team_id");
            const json::value* given = object->if_contains("user_role");
            if (given && given->is_string() && given->get_string() == "admin") role = "admin";
            budget = object->if_contains("max_budget_in_team");
        }
        if (id == nullptr || !id->is_string()) {
            refuse_value("body", "teams", "string_type", "Input should be a valid string");
        }
        const Entity team = Entity::load(context.records, kTeamResource,
                                         team_named(context, std::string(id->get_string())));
        store::Member member{Subject::team, team.row.id, user.id, role, member_budget(team), "{}"};
        if (budget && !budget->is_null()) {
            Entity limits(kBudgetResource);
            fill(limits, {{"max_budget", *budget}}, context.records);
            put(writing, limits, "created");
            member.budget = limits.row.id;
        }
        must(writing.put(member));
    }
}

// The organizations of a new user, by their names: it is a member of each with its own role.
void join_organizations(Context& context, store::Writing& writing, const store::Row& user) {
    for (const std::string& id : context.distinct("organizations")) {
        const auto row =
            must(context.records.get(store::kOrganizationTable, "organization_id", id));
        if (!row) refuse_detail(404, "Organization not found, passed organization_id=" + id);
        const std::string role = user.text("role");
        must(writing.put(store::Member{Subject::organization, row->id, user.id, role, {}, "{}"}));
    }
}

// Whether a key comes with a new user.
bool makes_key(const Context& context) {
    const json::value* const make = context.ask.body.if_contains("auto_create_key");
    if (make == nullptr || make->is_null()) return true;
    if (const json::string* text = make->if_string();
        text && (*text == "true" || *text == "false")) {
        return *text == "true";
    }
    if (!make->is_bool()) {
        refuse_value("body", "auto_create_key", "bool_parsing", "Input should be a valid boolean");
    }
    return make->get_bool();
}

Entity user_in_body(Context& context) {
    if (const auto id = context.text("user_id")) {
        return Entity::load(context.records, kUserResource, user_named(context, *id));
    }
    const auto email = context.text("user_email");
    if (!email)
        refuse(400, "bad_request_error", "Either user_id or user_email must be provided",
               "user_id");
    constexpr store::PageAsk kTwo{.sort = "id", .page = 1, .size = 2};
    auto found = must(
        context.records.list(store::kUserTable, {{{"email", Filter::Op::equal, *email}}}, kTwo));
    if (found.rows.size() != 1) {
        refuse(404, "not_found_error", "There is not one user with this user_email", "user_email");
    }
    return Entity::load(context.records, kUserResource, std::move(found.rows.front()));
}

// The user that a view is about: the caller, unless an administrator asks for another.
Entity viewed_user(Context& context) {
    const auto id = context.text("user_id");
    if (!context.caller.sees_all()) {
        if (!context.caller.user || (id && *id != context.caller.user_id)) {
            refuse_foreign(context, "see this user");
        }
        return Entity::load(context.records, kUserResource, *context.caller.user);
    }
    if (!id && context.caller.user) {
        return Entity::load(context.records, kUserResource, *context.caller.user);
    }
    if (!id) refuse_missing("query", "user_id");
    return Entity::load(context.records, kUserResource, user_named(context, *id));
}

constexpr std::int64_t kMostShown = 10'000;

std::vector<store::Row> keys_of(Context& context, std::int64_t user) {
    const store::PageAsk ask{.sort = "id", .descending = false, .page = 1, .size = kMostShown};
    return must(context.records.list(store::kKeyTable, {{{"user", Filter::Op::equal, user}}}, ask))
        .rows;
}

// LiteLLM's rule. Requests name users by their address, and alerts go there.
void check_email_is_free(Context& context, std::int64_t own = 0) {
    const auto email = context.text("user_email");
    if (!email || email->empty()) return;
    constexpr store::PageAsk kAll{.sort = "id", .page = 1, .size = kMostShown};
    const std::vector<AnyOf> alike{{{"email", Filter::Op::contains, *email}}};
    for (const store::Row& row : must(context.records.list(store::kUserTable, alike, kAll)).rows) {
        if (row.id == own || !boost::algorithm::iequals(row.text("email"), *email)) continue;
        refuse_detail(409, "User with email " + row.text("email") + " already exists");
    }
}

}  // namespace

json::value new_user(Context& asked) {
    check_role(asked);
    const Ask given_ask = with_user_defaults(asked);
    Context context{asked.records, asked.caller, given_ask, asked.settings};
    check_email_is_free(context);
    refuse_spend(context);
    Entity user(kUserResource);
    const auto given = context.text("user_id");
    const std::string user_id = given && !given->empty() ? *given : new_uuid();
    if (must(context.records.get(store::kUserTable, "user_id", user_id))) {
        refuse(409, "bad_request_error", "User with id=" + user_id + " already exists", "user_id");
    }
    user.row.set("user_id", user_id);
    user.row.set("role", std::string(role_name(Role::internal_user_viewer)));
    fill(user, context.ask.body, context.records);
    store::Writing writing = context.write();
    put(writing, user, "created");
    join_teams(context, writing, user.row);
    join_organizations(context, writing, user.row);
    json::object object;
    if (makes_key(context)) {
        // The limits are the user's; the key has none of its own.
        Ask ask{.method = "POST", .path = {}, .query = {}, .text = {}, .key = {}};
        for (const std::string_view name : {"key_alias", "duration", "models", "aliases", "config",
                                            "permissions", "metadata", "key", "key_type"}) {
            const json::value* value = context.ask.body.if_contains(name);
            if (value != nullptr) ask.body[name] = *value;
        }
        add_bounds(context.settings, ask.body);
        Context of_key{context.records, context.caller, ask, context.settings};
        object = make_key(of_key, writing, user.row, text_for_key(of_key, "key"));
    }
    must(writing.commit());
    for (const auto& [name, value] : shown_user(context, user)) object[name] = value;
    return object;
}

json::value update_user(Context& context) {
    check_role(context);
    Entity user = user_in_body(context);
    check_email_is_free(context, user.row.id);
    refuse_spend(context);
    fill(user, context.ask.body, context.records);
    add_internal_budget(context, user);
    store::Writing writing = context.write();
    put(writing, user, "updated");
    must(writing.commit());
    return json::object{{"user_id", user.row.text("user_id")}, {"data", shown_user(context, user)}};
}

json::value delete_users(Context& context) {
    std::vector<store::Row> users;
    for (const std::string& id : context.distinct("user_ids"))
        users.push_back(user_named(context, id));
    if (users.empty()) refuse_missing("body", "user_ids");
    store::Writing writing = context.write();
    for (store::Row& user : users) {
        for (store::Row& key : keys_of(context, user.id)) must(writing.remove(key));
        for (const Subject kind : {Subject::team, Subject::organization}) {
            for (const store::Member& member : must(context.records.memberships(kind, user.id))) {
                must(writing.remove(member));
            }
        }
        must(writing.remove(user));
    }
    must(writing.commit());
    return static_cast<std::int64_t>(users.size());
}

json::value user_info(Context& context) {
    const Entity user = viewed_user(context);
    json::array keys;
    for (store::Row& row : keys_of(context, user.row.id)) {
        keys.emplace_back(
            shown_key_row(context, Entity::load(context.records, kKeyResource, std::move(row))));
    }
    json::array teams;
    for (const auto& member : must(context.records.memberships(Subject::team, user.row.id))) {
        auto team = must(context.records.get(store::kTeamTable, member.parent));
        if (!team || team->deleted_at) continue;
        teams.emplace_back(
            shown_team(context, Entity::load(context.records, kTeamResource, std::move(*team))));
    }
    return json::object{{"user_id", user.row.text("user_id")},
                        {"user_info", shown_user(context, user)},
                        {"keys", std::move(keys)},
                        {"teams", std::move(teams)}};
}

json::value user_info_v2(Context& context) {
    return shown_user(context, viewed_user(context));
}

json::value list_users(Context& context) {
    store::PageAsk ask = page_ask(context, "page_size", 25);
    ask.descending = context.text("sort_order").value_or("asc") == "desc";
    const std::string by = context.text("sort_by").value_or("created_at");
    if (by == "user_id") {
        ask.sort = "user_id";
    } else if (by == "user_email") {
        ask.sort = "email";
    } else if (by != "created_at") {
        refuse_detail(400, "Invalid sort column. Must be one of: user_id, user_email, created_at");
    }
    std::vector<AnyOf> filters;
    if (const auto role = context.text("role")) {
        filters.push_back({{"role", Filter::Op::equal, *role}});
    }
    if (const auto ids = context.text("user_ids")) {
        json::array names;
        for (std::size_t from = 0; from <= ids->size();) {
            const std::size_t to = std::min(ids->find(',', from), ids->size());
            names.emplace_back(ids->substr(from, to - from));
            from = to + 1;
        }
        filters.push_back({{"user_id", Filter::Op::one_of, json_tree::write(names)}});
    }
    if (const auto email = context.text("user_email")) {
        filters.push_back({{"email", Filter::Op::contains, *email}});
    }
    store::RowPage page = must(context.records.list(store::kUserTable, filters, ask));
    json::array users;
    for (store::Row& row : page.rows) {
        const Entity user = Entity::load(context.records, kUserResource, std::move(row));
        json::object object = shown_user(context, user);
        object["key_count"] = keys_of(context, user.row.id).size();
        users.emplace_back(std::move(object));
    }
    return json::object{{"users", std::move(users)},
                        {"total", page.total},
                        {"page", ask.page},
                        {"page_size", ask.size},
                        {"total_pages", page_count(page.total, ask.size)}};
}

}  // namespace patchbay::control
