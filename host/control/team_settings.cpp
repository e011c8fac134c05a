// /team/model/add, delete; /team/permissions_list, permissions_update; /team/{team_id}/members/me.
#include <algorithm>
#include <array>

#include <boost/json/array.hpp>

#include "control/people.hpp"
#include "control/route.hpp"
#include "control/team_members.hpp"

namespace patchbay::control {

namespace json = boost::json;
using store::Subject;

namespace {

// What members of a team may be given to do with its keys.
constexpr auto kPermissions = std::to_array<std::string_view>({
    "/key/info",
    "/key/health",
    "/key/generate",
    "/key/service-account/generate",
    "/key/update",
    "/key/delete",
    "/key/regenerate",
    "/key/block",
    "/key/unblock",
});
// What they may without being given it.
constexpr std::size_t kGivenToAll = 2;

json::array& list_in(Entity& team, std::string_view name) {
    json::value& member = team.doc[name];
    if (!member.is_array()) member = json::array();
    return member.get_array();
}

json::value written(Context& context, Entity& team) {
    store::Writing writing = context.write();
    put(writing, team, "updated");
    must(writing.commit());
    return shown_team(context, team);
}

}  // namespace

json::value add_team_models(Context& context) {
    Entity team = Entity::load(context.records, kTeamResource,
                               team_named(context, context.required("team_id")));
    json::array& models = list_in(team, "models");
    // No models are all of them: a list that begins would take the others away.
    if (models.empty()) {
        refuse_detail(400, "This team may use all models: set `models` with /team/update instead");
    }
    for (const std::string& model : context.texts("models")) {
        if (std::find(models.begin(), models.end(), json::value(model)) == models.end()) {
            models.emplace_back(model);
        }
    }
    return written(context, team);
}

json::value remove_team_models(Context& context) {
    Entity team = Entity::load(context.records, kTeamResource,
                               team_named(context, context.required("team_id")));
    json::array& models = list_in(team, "models");
    json::array left;
    const auto gone = context.texts("models");
    for (const json::value& model : models) {
        const bool named =
            model.is_string() &&
            std::find(gone.begin(), gone.end(), std::string_view(model.get_string())) != gone.end();
        if (!named) left.push_back(model);
    }
    // The last one that goes leaves no model, not all of them.
    if (left.empty()) left.emplace_back("no-default-models");
    models = std::move(left);
    return written(context, team);
}

json::value list_team_permissions(Context& context) {
    const Entity team = administered_team(context);
    const json::value* kept = team.doc.if_contains("team_member_permissions");
    json::array given;
    if (kept && kept->is_array() && !kept->get_array().empty()) {
        given = kept->get_array();
    } else {
        given = json::array(kPermissions.begin(), kPermissions.begin() + kGivenToAll);
    }
    return json::object{
        {"team_id", team.row.text("team_id")},
        {"team_member_permissions", std::move(given)},
        {"all_available_permissions", json::array(kPermissions.begin(), kPermissions.end())}};
}

json::value update_team_permissions(Context& context) {
    Entity team = administered_team(context);
    if (!context.ask.body.contains("team_member_permissions")) {
        refuse_missing("body", "team_member_permissions");
    }
    json::array given;
    for (const std::string& route : context.texts("team_member_permissions")) {
        if (std::find(kPermissions.begin(), kPermissions.end(), route) == kPermissions.end()) {
            refuse_value("body", "team_member_permissions", "enum",
                         "Input should be one of those that /team/permissions_list shows");
        }
        given.emplace_back(route);
    }
    team.doc["team_member_permissions"] = std::move(given);
    return written(context, team);
}

json::value own_membership(Context& context) {
    const Entity team =
        Entity::load(context.records, kTeamResource, team_named(context, context.ask.hole));
    const auto& user = context.caller.user;
    const auto member =
        user ? must(context.records.member(Subject::team, team.row.id, user->id)) : std::nullopt;
    if (!member)
        refuse_detail(404, "User is not a member of the team. team_id=" + context.ask.hole);
    json::object membership = shown_membership(context, team.row, *user, *member);
    membership["role"] = member->role;
    membership["user_email"] = email_of(*user);
    membership["team_alias"] = shown(team).at("team_alias");
    return membership;
}

}  // namespace patchbay::control
