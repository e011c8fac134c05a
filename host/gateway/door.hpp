// Who may come in at all, whatever key is brought: addresses and routes that the configuration allows.
#pragma once

#include <optional>

#include "config/access_settings.hpp"
#include "contract/error.hpp"
#include "gateway/request.hpp"

namespace patchbay::gateway {

/// The client's address: that of its connection, or, with `use_x_forwarded_for`, the last one in x-forwarded-for, which the
/// nearest proxy has written; those before it are anybody's word. With `trusted_proxies` the header of others is not looked at,
/// and of what it says the last one that is no proxy counts. A view into the request.
std::string_view client_address(const Request& request, const AccessSettings& access);

/// An Error (403) if the address or the route is not allowed. `managed` is the route of the control plane that serves the
/// request; empty if the data plane does. Liveness, readiness and the front page are not asked for, as no key is.
std::optional<Error> check_door(const Request& request, const AccessSettings& access,
                                std::string_view managed);

/// An Error (403) if the route is the administrators' alone (`admin_only_routes`) and the request's key is none of theirs.
/// `request` has its principal.
std::optional<Error> check_admin_only(const Request& request, const AccessSettings& access);

}  // namespace patchbay::gateway
