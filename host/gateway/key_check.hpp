// Whether a request may go on with its virtual key.
#pragma once

#include <optional>

#include "config/access_settings.hpp"
#include "contract/error.hpp"
#include "engine/access/route_access.hpp"
#include "gateway/request.hpp"

namespace patchbay::gateway {

/// What a route of the data plane is for; those that are not named are the administrators'.
access::RouteKind kind_of(Route route);

/// `request` has its principal. An Error if that is blocked, has expired, or may not call the route. `settings`: of the
/// configuration; null: nothing is said there.
std::optional<Error> check_principal(const Request& request, const AccessSettings* settings);

}  // namespace patchbay::gateway
