#include "control/dispatch.hpp"

#include <utility>

#include <spdlog/spdlog.h>

#include "control/route.hpp"
#include "control/service.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::control {

namespace json = boost::json;

namespace {

void read_body(Ask& ask) {
    if (ask.method == "GET" || ask.text.empty()) return;
    json_tree::Tree tree = json_tree::read(ask.text);
    if (!tree) refuse_value("body", {}, "json_invalid", "JSON decode error: " + tree.error());
    if (tree.repeated) {
        refuse(400, "bad_request_error", "The body has this member twice: " + *tree.repeated,
               *tree.repeated);
    }
    if (tree.value.is_null()) return;
    json::object* object = tree.value.if_object();
    if (object == nullptr) {
        refuse_value("body", {}, "model_attributes_type",
                     "Input should be a valid dictionary or object to extract fields from");
    }
    ask.body = std::move(*object);
}

[[noreturn]] void refuse_role(const Caller& caller, const Route& route) {
    refuse(
        401, "auth_error",
        "Authentication Error, Only proxy admin can be used to generate, delete, update info for "
        "new keys/users/teams. Route=" +
            std::string(route.path) + ". Your role=" + std::string(role_name(caller.role)) +
            ". Your user_id=" + caller.user_id,
        "None");
}

// What the configuration keeps for administrators, whose else it may be.
void check_admin_only(const Settings& settings, const Route& route, std::string_view path) {
    for (const std::string& one : settings.admin_only_routes) {
        const std::string_view begin = std::string_view(one).substr(0, one.size() - 1);
        const bool any =
            one.ends_with("/*") && (route.path.starts_with(begin) || path.starts_with(begin));
        if (!any && one != route.path && one != path) continue;
        refuse(403, "auth_error",
               "user not allowed to access this route. Route= " + std::string(path) +
                   " is an admin only route");
    }
}

}  // namespace

void Dispatch::use(Settings settings) {
    const std::scoped_lock lock(mutex_);
    settings_ = std::move(settings);
    const std::string& budget = settings_.end_user_budget;
    if (budget.empty() || !records_) return;
    const auto found = records_->get(store::kBudgetTable, "budget_id", budget);
    if (!found || *found) return;
    spdlog::warn(
        "max_end_user_budget_id names the budget {}, which is not there: customers have no limits "
        "until /budget/new makes it",
        budget);
}

Answer Dispatch::handled(Ask& ask) {
    const Route* route = find_route(ask.method, ask.path, ask.hole);
    if (route == nullptr) {
        const bool known = !managed_path(ask.path).empty();
        return known ? Answer{405, R"({"detail":"Method Not Allowed"})"}
                     : Answer{404, R"({"detail":"Not Found"})"};
    }
    store::Records* records = records_ ? &*records_ : nullptr;
    const Caller caller = identify(records, settings_.master_key, ask, route->path, route->access);
    if (!permitted(route->access, caller.role)) refuse_role(caller, *route);
    if (!caller.is_admin()) check_admin_only(settings_, *route, ask.path);
    if (records == nullptr) {
        return {route->no_store.status, std::string(route->no_store.body)};
    }
    read_body(ask);
    Context context{*records, caller, ask, settings_};
    return {200, json_tree::write(route->handler(context))};
}

Answer Dispatch::answer(Ask ask) {
    const std::scoped_lock lock(mutex_);
    try {
        return handled(ask);
    } catch (const Refused& refused) {
        return refused.answer;
    } catch (const std::exception& e) {
        spdlog::error("a management request failed ({} {}): {}", ask.method, managed_path(ask.path),
                      e.what());
        return {500, R"({"error":{"message":"Internal server error",)"
                     R"("type":"internal_server_error","param":null,"code":"500"}})"};
    }
}

}  // namespace patchbay::control
