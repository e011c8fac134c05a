// Which routes a key may call.
#pragma once

#include <optional>
#include <string_view>

#include "contract/error.hpp"
#include "engine/access/principal.hpp"

namespace patchbay::access {

/// What a route of the gateway is for.
enum class RouteKind {
    model,  ///< a call to a model
    info,   ///< what models and guardrails there are, what calls cost
    admin,  ///< the gateway's own state: of the master key and administrators
};

/// Does an entry of a list of routes name this one? It is a route, a path, "/v1/*", "*", or the name of a group, to which no
/// route of administrators belongs.
bool allows(std::string_view allowed, RouteKind kind, std::string_view route,
            std::string_view path);

/// An Error if the key may not call the route: `allowed_routes` does not name it (403), it is the
/// administrators' (401), or the key is of a session of the UI (401), which calls no models. `route` is as LiteLLM writes it,
/// "/chat/completions", `path` as it came.
std::optional<Error> check_route(const Principal& principal, RouteKind kind, std::string_view route,
                                 std::string_view path);

}  // namespace patchbay::access
