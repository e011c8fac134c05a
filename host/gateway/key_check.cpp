#include "gateway/key_check.hpp"

#include "engine/access/refusals.hpp"
#include "engine/coarse_clock.hpp"
#include "gateway/door.hpp"

namespace patchbay::gateway {

access::RouteKind kind_of(Route route) {
    using access::RouteKind;
    switch (route) {
        case Route::call:
        case Route::apply_guardrail:
            return RouteKind::model;
        case Route::models:
        case Route::model:
        case Route::guardrails_list:
        case Route::cost_estimate:
        case Route::spend_calculate:
        case Route::model_info:
        case Route::model_group_info:
        case Route::method_not_allowed:
        case Route::metrics:
            return RouteKind::info;
        default:
            return RouteKind::admin;
    }
}

std::optional<Error> check_principal(const Request& request, const AccessSettings* settings) {
    const access::Principal& principal = *request.principal;
    if (auto refused = access::refused_now(principal, coarse_unix_us())) return refused;
    if (settings) {
        if (auto refused = check_admin_only(request, *settings)) return refused;
    }
    return access::check_route(principal, kind_of(request.match.route), request.match.name,
                               request.path);
}

}  // namespace patchbay::gateway
