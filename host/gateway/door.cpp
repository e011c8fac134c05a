#include "gateway/door.hpp"

#include <algorithm>
#include <vector>

#include "engine/access/route_access.hpp"
#include "gateway/key_check.hpp"

namespace patchbay::gateway {

namespace {

Error forbidden(std::string message) {
    Error error;
    error.cls = ErrorClass::permission;
    error.http_status = 403;
    error.type = "auth_error";
    error.message = std::move(message);
    return error;
}

bool names_route(const std::vector<std::string>& routes, access::RouteKind kind,
                 std::string_view route, std::string_view path) {
    return std::any_of(routes.begin(), routes.end(), [&](const std::string& one) {
        return access::allows(one, kind, route, path);
    });
}

}  // namespace

std::string_view client_address(const Request& request, const AccessSettings& access) {
    const auto& proxies = access.trusted_proxies;
    if (!access.use_x_forwarded_for) return request.peer;
    if (proxies && !proxies->holds(request.peer)) return request.peer;
    std::string_view client = request.peer;
    std::vector<std::string_view> lines;
    const auto [begin, end] = request.head.equal_range("x-forwarded-for");
    for (auto line = begin; line != end; ++line) lines.emplace_back(line->value());
    for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
        for (std::string_view rest = *line; !rest.empty();) {
            const std::size_t comma = rest.rfind(',');
            client = forwarded_address(comma == rest.npos ? rest : rest.substr(comma + 1));
            if (!proxies || !proxies->holds(client)) return client;
            rest = comma == rest.npos ? std::string_view() : rest.substr(0, comma);
        }
    }
    return client;
}

std::optional<Error> check_door(const Request& request, const AccessSettings& access,
                                std::string_view managed) {
    if (access.allowed_ips) {
        const std::string_view address = client_address(request, access);
        if (!access.allowed_ips->holds(address)) {
            return forbidden("Access forbidden: IP address " + std::string(address) +
                             " not allowed.");
        }
    }
    if (!access.allowed_routes) return std::nullopt;
    const bool plane = !managed.empty();
    const auto kind = plane ? access::RouteKind::admin : kind_of(request.match.route);
    const std::string_view route = plane ? managed : request.match.name;
    if (names_route(*access.allowed_routes, kind, route, request.path)) return std::nullopt;
    return forbidden("Route " + std::string(request.path) + " not allowed");
}

std::optional<Error> check_admin_only(const Request& request, const AccessSettings& access) {
    if (access.admin_only_routes.empty() || request.principal->admin) return std::nullopt;
    const auto kind = kind_of(request.match.route);
    if (!names_route(access.admin_only_routes, kind, request.match.name, request.path)) {
        return std::nullopt;
    }
    return forbidden("user not allowed to access this route. Route= " + std::string(request.path) +
                     " is an admin only route");
}

}  // namespace patchbay::gateway
