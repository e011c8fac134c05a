#include "control/key_rules.hpp"

#include <algorithm>

#include <boost/json/array.hpp>

#include "patchbay/json_tree.hpp"

namespace patchbay::control {

namespace json = boost::json;

namespace {

// What only administrators may give to a key: it would lead past the rules of others.
constexpr std::string_view kAdminOnly[] = {
    "allowed_routes",   "permissions",     "allowed_passthrough_routes",
    "access_group_ids", "organization_id", "project_id"};

void check_admin_only(Context& context) {
    for (const std::string_view name : kAdminOnly) {
        const json::value* member = context.ask.body.if_contains(name);
        if (member && !member->is_null()) {
            refuse_foreign(context, "set " + std::string(name) + " of a key");
        }
    }
}

json::value member_of(const json::value* object, std::string_view name) {
    const json::object* members = object ? object->if_object() : nullptr;
    const json::value* found = members ? members->if_contains(name) : nullptr;
    return found ? *found : json::value();
}

// Where an administrator of a team may move its keys to: its other teams, and the team's members.
void check_moved(Context& context, const Entity& key) {
    const auto team_id = context.text("team_id");
    if (team_id && !administers(context, team_named(context, *team_id).id)) {
        refuse_foreign(context, "give this key to team " + *team_id);
    }
    const auto user_id = context.text("user_id");
    if (!user_id) return;
    const store::Row user = user_named(context, *user_id);
    if (!must(context.records.member(store::Subject::team, key.row.number("team"), user.id))) {
        refuse_foreign(context, "give this key to user " + *user_id);
    }
}

// `key_generation_settings`: what those who make keys must say of them.
void check_required(const Context& context, const KeyMakers& makers) {
    for (const std::string& param : makers.required_params) {
        if (context.ask.body.contains(param)) continue;
        refuse(400, "bad_request_error", "Required param " + param + " not in data", param);
    }
}

bool may_make(const KeyMakers& makers, std::string_view role) {
    const auto& roles = makers.roles;
    return !roles || std::find(roles->begin(), roles->end(), role) != roles->end();
}

std::string shown_roles(const KeyMakers& makers) {
    return json_tree::write(json::array(makers.roles->begin(), makers.roles->end()));
}

}  // namespace

bool member_may(Context& context, std::int64_t team, std::string_view route) {
    if (administers(context, team)) return true;
    const auto& user = context.caller.user;
    if (!user || !must(context.records.member(store::Subject::team, team, user->id))) return false;
    auto row = must(context.records.get(store::kTeamTable, team));
    if (!row) return false;
    const Entity entity = Entity::load(context.records, kTeamResource, std::move(*row));
    const json::value* allowed = entity.doc.if_contains("team_member_permissions");
    if (!allowed || !allowed->is_array()) return false;
    const json::array& routes = allowed->get_array();
    return std::find(routes.begin(), routes.end(), json::value(route)) != routes.end();
}

void check_new_key(Context& context, std::string_view route) {
    const bool admin = context.caller.is_admin();
    if (!admin) check_admin_only(context);
    const auto team_id = context.text("team_id");
    if (!team_id) {
        // These are for administrators, too, as in LiteLLM.
        const KeyMakers& makers = context.settings.keys.personal_keys;
        const std::string_view role = role_name(context.caller.role);
        if (!may_make(makers, role)) {
            refuse(400, "bad_request_error",
                   "Personal key creation has been restricted by admin. Allowed roles=" +
                       shown_roles(makers) + ". Your role=" + std::string(role));
        }
        return check_required(context, makers);
    }
    if (admin) return;
    const store::Row team = team_named(context, *team_id);
    const KeyMakers& makers = context.settings.keys.team_keys;
    const std::string role = administers(context, team.id) ? "admin" : "user";
    if (!member_may(context, team.id, route)) {
        refuse(401, "team_member_permission_error",
               "Team member does not have permissions for endpoint: " + std::string(route), route);
    }
    if (!may_make(makers, role)) {
        refuse(400, "bad_request_error",
               "Team member role " + role +
                   " not in allowed_team_member_roles=" + shown_roles(makers));
    }
    check_required(context, makers);
}

void check_rotation(const Context& context) {
    const json::value* const rotate = context.ask.body.if_contains("auto_rotate");
    if (rotate == nullptr || !rotate->is_bool() || !rotate->get_bool()) return;
    refuse(400, "bad_request_error",
           "auto_rotate is not done: nobody would be told the new key. Call /key/regenerate with a "
           "grace_period.",
           "auto_rotate");
}

void check_guarded(Context& context, const Entity& key) {
    if (context.caller.is_admin()) return;
    check_admin_only(context);
    if (key.row.has("team") && administers(context, key.row.number("team"))) {
        return check_moved(context, key);
    }
    const json::value* metadata = context.ask.body.if_contains("metadata");
    for (const Field& field : kKeyResource.fields) {
        if (!field.guarded) continue;
        const bool replaced = field.where == Where::metadata && metadata != nullptr &&
                              member_of(metadata, field.name) !=
                                  member_of(key.doc.if_contains("metadata"), field.name);
        if (replaced || context.ask.body.contains(field.name)) {
            refuse_foreign(context, "change " + std::string(field.name) + " of this key");
        }
    }
    // By it the configuration knows those to whom its rules for service accounts apply.
    if (metadata != nullptr && member_of(metadata, kServiceAccount) !=
                                   member_of(key.doc.if_contains("metadata"), kServiceAccount)) {
        refuse_foreign(context, "change " + std::string(kServiceAccount) + " of this key");
    }
    for (const std::string_view name : {"budget_id", "team_id", "user_id"}) {
        if (context.ask.body.contains(name)) {
            refuse_foreign(context, "change " + std::string(name) + " of this key");
        }
    }
}

}  // namespace patchbay::control
