#include <array>

#include "contract/http/percent.hpp"
#include "control/no_store.hpp"
#include "control/route.hpp"
#include "control/service.hpp"

namespace patchbay::control {

namespace {

// clang-format off
constexpr auto kRoutes = std::to_array<Route>({
    {"POST", "/key/generate", Access::internal, generate_key, {500, kWrapped500}, "Makes a virtual key"},
    {"POST", "/key/service-account/generate", Access::internal, generate_service_key, {500, kNeedsDatabase}, "Makes a key of a team and no user"},
    {"POST", "/key/update", Access::internal, update_key, {500, kKeyUpdate}, "Changes a key"},
    {"POST", "/key/bulk_update", Access::admin, bulk_update_keys, {500, kNoDatabase}, "Changes many keys"},
    {"POST", "/key/delete", Access::internal, delete_keys, {500, kNotConnected}, "Deletes keys"},
    {"POST", "/key/regenerate", Access::internal, regenerate_key, {500, kNeedsDatabase}, "Gives a key a new secret"},
    {"POST", "/key/{key}/regenerate", Access::internal, regenerate_key, {500, kNeedsDatabase}, "Gives a key a new secret"},
    {"POST", "/key/block", Access::internal, block_key, {500, kInternal}, "Blocks a key"},
    {"POST", "/key/unblock", Access::internal, unblock_key, {500, kInternal}, "Unblocks a key"},
    {"GET", "/key/info", Access::any_key, key_info, {500, kNeedsOther}, "Shows a key"},
    {"POST", "/v2/key/info", Access::any_key, key_infos, {500, kNeedsDatabase}, "Shows several keys"},
    {"GET", "/key/list", Access::any_key, list_keys, {500, kKeyList}, "Lists keys"},
    {"GET", "/key/aliases", Access::any_key, key_aliases, {500, kKeyList}, "Lists aliases of keys"},
    {"POST", "/key/health", Access::any_key, key_health, {200, kHealthy}, "Says that the key is good"},
    {"POST", "/team/new", Access::admin, new_team, {500, kTeamNew}, "Makes a team"},
    {"POST", "/team/update", Access::admin, update_team, {401, kTeamUpdate}, "Changes a team"},
    {"POST", "/team/delete", Access::admin, delete_teams, {500, kNoDb}, "Deletes teams with their keys"},
    {"POST", "/team/block", Access::admin, block_team, {500, kInternal}, "Blocks a team"},
    {"POST", "/team/unblock", Access::admin, unblock_team, {500, kInternal}, "Unblocks a team"},
    {"GET", "/team/info", Access::any_key, team_info, {500, kTeamInfo}, "Shows a team"},
    {"GET", "/team/list", Access::any_key, list_teams, {400, kNeedsDatabase}, "Lists teams"},
    {"GET", "/v2/team/list", Access::any_key, page_teams, {500, kNeedsDatabase}, "Lists teams by pages"},
    {"GET", "/team/available", Access::any_key, available_teams, {400, kNeedsDatabase}, "Teams that anybody may join"},
    {"POST", "/team/member_add", Access::any_key, add_members, {500, kNoDb}, "Adds members to a team"},
    {"POST", "/team/member_update", Access::any_key, update_member, {500, kNoDb}, "Changes a member of a team"},
    {"POST", "/team/member_delete", Access::any_key, remove_member, {500, kNoDb}, "Takes a member from a team"},
    {"POST", "/team/model/add", Access::admin, add_team_models, {500, kNoDb}, "Gives models to a team"},
    {"POST", "/team/model/delete", Access::admin, remove_team_models, {500, kNoDb}, "Takes models from a team"},
    {"GET", "/team/permissions_list", Access::any_key, list_team_permissions, {500, kNoDb}, "What members of a team may do with its keys"},
    {"POST", "/team/permissions_update", Access::any_key, update_team_permissions, {500, kNoDb}, "Changes that"},
    {"GET", "/team/{team_id}/members/me", Access::any_key, own_membership, {500, kMembership}, "The caller's own membership"},
    {"POST", "/user/new", Access::admin, new_user, {400, kUserNew}, "Makes a user"},
    {"POST", "/user/update", Access::admin, update_user, {400, kUserUpdate}, "Changes a user"},
    {"POST", "/user/delete", Access::admin, delete_users, {500, kNoDb}, "Deletes users with their keys"},
    {"GET", "/user/info", Access::any_key, user_info, {500, kNeedsOther}, "Shows a user"},
    {"GET", "/v2/user/info", Access::any_key, user_info_v2, {500, kNeedsDatabase}, "Shows a user without keys and teams"},
    {"GET", "/user/list", Access::admin_read, list_users, {500, kUserList}, "Lists users"},
    {"POST", "/budget/new", Access::admin, new_budget, {500, kNeedsDatabase}, "Makes a budget"},
    {"POST", "/budget/update", Access::admin, update_budget, {500, kNeedsDatabase}, "Changes a budget"},
    {"POST", "/budget/delete", Access::admin, delete_budget, {500, kNeedsDatabase}, "Deletes a budget"},
    {"POST", "/budget/info", Access::admin_read, budget_info, {500, kNoDb}, "Shows budgets"},
    {"GET", "/budget/list", Access::admin_read, list_budgets, {400, kNeedsDatabase}, "Lists budgets"},
    {"POST", "/customer/new", Access::admin, new_customer, {500, kNeedsDatabase}, "Makes a customer"},
    {"POST", "/customer/update", Access::admin, update_customer, {500, kNotConnected}, "Changes a customer"},
    {"POST", "/customer/delete", Access::admin, delete_customers, {500, kNotConnected}, "Deletes customers"},
    {"POST", "/customer/block", Access::admin, block_customers, {500, kPostgres}, "Blocks customers"},
    {"POST", "/customer/unblock", Access::admin, unblock_customers, {500, kPostgres}, "Unblocks customers"},
    {"GET", "/customer/info", Access::admin_read, customer_info, {500, kWrapped500}, "Shows a customer"},
    {"GET", "/customer/list", Access::admin_read, list_customers, {400, kWrapped400}, "Lists customers"},
    {"POST", "/end_user/new", Access::admin, new_customer, {500, kNeedsDatabase}, "Makes a customer"},
    {"POST", "/end_user/update", Access::admin, update_customer, {500, kNotConnected}, "Changes a customer"},
    {"POST", "/end_user/delete", Access::admin, delete_customers, {500, kNotConnected}, "Deletes customers"},
    {"POST", "/end_user/block", Access::admin, block_customers, {500, kPostgres}, "Blocks customers"},
    {"POST", "/end_user/unblock", Access::admin, unblock_customers, {500, kPostgres}, "Unblocks customers"},
    {"GET", "/end_user/info", Access::admin_read, customer_info, {500, kWrapped500}, "Shows a customer"},
    {"GET", "/end_user/list", Access::admin_read, list_customers, {400, kWrapped400}, "Lists customers"},
    {"POST", "/tag/new", Access::admin, new_tag, {500, kNoDatabaseText}, "Makes a tag"},
    {"POST", "/tag/update", Access::admin, update_tag, {500, kNoDatabaseText}, "Changes a tag"},
    {"POST", "/tag/delete", Access::admin, delete_tag, {500, kNoDatabaseText}, "Deletes a tag"},
    {"POST", "/tag/info", Access::admin_read, tag_info, {500, kNoDatabaseText}, "Shows tags"},
    {"GET", "/tag/list", Access::admin_read, list_tags, {500, kNoDatabaseText}, "Lists tags, those too that are only named in calls"},
    {"POST", "/organization/new", Access::admin, new_organization, {500, kNeedsDatabase}, "Makes an organization"},
    {"PATCH", "/organization/update", Access::admin, update_organization, {500, kNeedsDatabase}, "Changes an organization"},
    {"DELETE", "/organization/delete", Access::admin, delete_organizations, {500, kNeedsDatabase}, "Deletes organizations"},
    {"GET", "/organization/info", Access::any_key, organization_info, {500, kNeedsDatabase}, "Shows an organization"},
    {"GET", "/organization/list", Access::any_key, list_organizations, {500, kNeedsDatabase}, "Lists organizations"},
    {"POST", "/organization/member_add", Access::admin, add_organization_members, {500, kNeedsDatabase}, "Adds members to an organization"},
    {"PATCH", "/organization/member_update", Access::admin, update_organization_member, {500, kNeedsDatabase}, "Changes a member of an organization"},
    {"DELETE", "/organization/member_delete", Access::admin, remove_organization_member, {500, kNeedsDatabase}, "Takes a member from an organization"},
    {"GET", "/spend/logs", Access::spend, spend_logs, {500, kSpendLogs}, "Attempts in the books, newest first; of a range of days sums"},
    {"GET", "/spend/logs/v2", Access::spend, spend_logs_page, {401, kPrisma}, "The same by pages"},
    {"GET", "/spend/keys", Access::spend, spend_keys, {500, kNeedsDatabase}, "Keys by their spend"},
    {"GET", "/spend/users", Access::spend, spend_users, {500, kNeedsDatabase}, "Users with their spend"},
    {"GET", "/spend/tags", Access::admin_read, spend_tags, {500, kSpendTags}, "Spend by tag"},
    {"GET", "/global/spend/tags", Access::admin_read, global_spend_tags, {500, kSpendTags}, "Spend by tag"},
    {"GET", "/global/spend", Access::admin_read, global_spend, {500, kNeedsDatabase}, "What all have spent"},
    {"GET", "/global/spend/models", Access::admin_read, global_spend_models, {500, kNeedsDatabase}, "Spend by model"},
    {"GET", "/global/spend/provider", Access::admin_read, global_spend_provider, {500, kNeedsDatabase}, "Spend by provider"},
    {"GET", "/global/spend/logs", Access::admin_read, global_spend_logs, {500, kNeedsDatabase}, "Spend by day"},
});
// clang-format on

constexpr std::string_view kHoleStart = "{";

// Whether a path fits that of a row; what stands in its hole, as it was sent.
bool fits(std::string_view row, std::string_view path, std::string_view* hole) {
    const std::size_t start = row.find(kHoleStart);
    if (start == row.npos) return row == path;
    const std::string_view before = row.substr(0, start);
    const std::string_view behind = row.substr(row.find('}') + 1);
    if (!path.starts_with(before) || !path.ends_with(behind)) return false;
    if (path.size() <= before.size() + behind.size()) return false;
    const std::string_view filled =
        path.substr(before.size(), path.size() - before.size() - behind.size());
    if (filled.find('/') != filled.npos) return false;
    if (hole != nullptr) *hole = filled;
    return true;
}

}  // namespace

std::span<const Route> routes() {
    return kRoutes;
}

std::string_view managed_path(std::string_view path) {
    for (const Route& route : kRoutes) {
        if (fits(route.path, path, nullptr)) return route.path;
    }
    return {};
}

const Route* find_route(std::string_view method, std::string_view path, std::string& hole) {
    for (const Route& route : kRoutes) {
        std::string_view filled;
        if (route.method != method || !fits(route.path, path, &filled)) continue;
        hole = http::percent_decoded(filled);
        return &route;
    }
    return nullptr;
}

}  // namespace patchbay::control
