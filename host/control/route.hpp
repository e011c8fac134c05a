// The routes of the management API, as rows.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "control/access.hpp"
#include "control/context.hpp"

namespace patchbay::control {

/// What a route answers where there is no database: LiteLLM's status and body.
struct NoStore {
    int status = 500;
    std::string_view body;
};

using Handler = boost::json::value (*)(Context&);

struct Route {
    std::string_view method;
    std::string_view path;  ///< may have one hole: "/key/{key}/regenerate"
    Access access;
    Handler handler;
    NoStore no_store;
    std::string_view summary;
};

std::span<const Route> routes();

/// The row of a request; null if no row has this path, or none of those has the method. `hole` is what stands
/// in the path's hole, decoded.
const Route* find_route(std::string_view method, std::string_view path, std::string& hole);

// Handlers, by file.
// keys.cpp
boost::json::value generate_key(Context& context);
boost::json::value generate_service_key(Context& context);
boost::json::value update_key(Context& context);
boost::json::value delete_keys(Context& context);
boost::json::value regenerate_key(Context& context);
boost::json::value block_key(Context& context);
boost::json::value unblock_key(Context& context);
// key_bulk.cpp
boost::json::value bulk_update_keys(Context& context);
// key_views.cpp
boost::json::value key_info(Context& context);
boost::json::value key_infos(Context& context);
boost::json::value list_keys(Context& context);
boost::json::value key_aliases(Context& context);
boost::json::value key_health(Context& context);
// teams.cpp
boost::json::value new_team(Context& context);
boost::json::value update_team(Context& context);
boost::json::value delete_teams(Context& context);
boost::json::value block_team(Context& context);
boost::json::value unblock_team(Context& context);
boost::json::value team_info(Context& context);
boost::json::value list_teams(Context& context);
boost::json::value page_teams(Context& context);
boost::json::value available_teams(Context& context);
// team_members.cpp
boost::json::value add_members(Context& context);
boost::json::value remove_member(Context& context);
boost::json::value update_member(Context& context);
// team_settings.cpp
boost::json::value add_team_models(Context& context);
boost::json::value remove_team_models(Context& context);
boost::json::value list_team_permissions(Context& context);
boost::json::value update_team_permissions(Context& context);
boost::json::value own_membership(Context& context);
// users.cpp
boost::json::value new_user(Context& context);
boost::json::value update_user(Context& context);
boost::json::value delete_users(Context& context);
boost::json::value user_info(Context& context);
boost::json::value user_info_v2(Context& context);
boost::json::value list_users(Context& context);
// budgets.cpp
boost::json::value new_budget(Context& context);
boost::json::value update_budget(Context& context);
boost::json::value delete_budget(Context& context);
boost::json::value budget_info(Context& context);
boost::json::value list_budgets(Context& context);
// organizations.cpp
boost::json::value new_organization(Context& context);
boost::json::value update_organization(Context& context);
boost::json::value delete_organizations(Context& context);
boost::json::value organization_info(Context& context);
boost::json::value list_organizations(Context& context);
boost::json::value add_organization_members(Context& context);
boost::json::value update_organization_member(Context& context);
boost::json::value remove_organization_member(Context& context);
// customers.cpp
boost::json::value new_customer(Context& context);
boost::json::value update_customer(Context& context);
boost::json::value delete_customers(Context& context);
boost::json::value block_customers(Context& context);
boost::json::value unblock_customers(Context& context);
boost::json::value customer_info(Context& context);
boost::json::value list_customers(Context& context);
// tags.cpp
boost::json::value new_tag(Context& context);
boost::json::value update_tag(Context& context);
boost::json::value delete_tag(Context& context);
boost::json::value tag_info(Context& context);
boost::json::value list_tags(Context& context);
// spend_views.cpp
boost::json::value spend_tags(Context& context);
boost::json::value global_spend_tags(Context& context);
boost::json::value spend_logs(Context& context);
boost::json::value spend_logs_page(Context& context);
boost::json::value spend_keys(Context& context);
boost::json::value spend_users(Context& context);
boost::json::value global_spend(Context& context);
boost::json::value global_spend_models(Context& context);
boost::json::value global_spend_provider(Context& context);
boost::json::value global_spend_logs(Context& context);

}  // namespace patchbay::control
