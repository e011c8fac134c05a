#include "engine/access/route_access.hpp"

#include <algorithm>

namespace patchbay::access {

namespace {

// LiteLLM's names of groups of routes, as far as the data plane serves what is in them.
struct RouteGroup {
    std::string_view name;
    bool models, info;
    std::string_view begin;  ///< of the routes that belong to it; empty: any
};
constexpr RouteGroup kGroups[] = {
    {"llm_api_routes", true, true, ""},
    {"openai_routes", true, true, ""},
    {"anthropic_routes", true, false, "/v1/messages"},
    {"google_routes", true, false, "/v1beta/models"},
    {"info_routes", false, true, ""},
    {"self_managed_routes", false, true, ""},
};

Error refused(int status, std::string message) {
    Error error;
    error.cls = status == 403 ? ErrorClass::permission : ErrorClass::authentication;
    error.http_status = status;
    error.type = "auth_error";
    error.message = std::move(message);
    return error;
}

std::string listed(const std::vector<std::string>& routes) {
    std::string text = "[";
    for (const std::string& route : routes) {
        if (text.size() > 1) text += ", ";
        text += "'" + route + "'";
    }
    return text + "]";
}

}  // namespace

bool allows(std::string_view allowed, RouteKind kind, std::string_view route,
            std::string_view path) {
    if (allowed == "*" || allowed == route || allowed == path) return true;
    if (allowed.ends_with("/*")) {
        const std::string_view begin = allowed.substr(0, allowed.size() - 1);
        return route.starts_with(begin) || path.starts_with(begin);
    }
    return std::any_of(std::begin(kGroups), std::end(kGroups), [&](const RouteGroup& group) {
        const bool kinds =
            (kind == RouteKind::model && group.models) || (kind == RouteKind::info && group.info);
        return group.name == allowed && kinds && path.starts_with(group.begin);
    });
}

std::optional<Error> check_route(const Principal& principal, RouteKind kind, std::string_view route,
                                 std::string_view path) {
    if (kind == RouteKind::admin) {
        if (principal.admin) return std::nullopt;
        return refused(401,
                       "Authentication Error, Only proxy admin can be used to call this "
                       "route. Route=" +
                           std::string(route) + ". Your user_id=" + principal.user_id);
    }
    if (principal.session && kind == RouteKind::model) {
        return refused(401,
                       "Authentication Error, a session of the UI cannot call models: make a "
                       "key.");
    }
    const auto& routes = principal.routes;
    const bool allowed =
        routes.empty() || std::any_of(routes.begin(), routes.end(), [&](const std::string& one) {
            return allows(one, kind, route, path);
        });
    if (allowed) return std::nullopt;
    return refused(403,
                   "Virtual key is not allowed to call this route. Only allowed to call "
                   "routes: " +
                       listed(routes) + ". Tried to call route: " + std::string(path));
}

}  // namespace patchbay::access
