#include "gateway/key_check.hpp"

#include "contract/unix_time.hpp"
#include "engine/access/refusals.hpp"
#include "engine/access/route_access.hpp"

namespace patchbay::gateway {

namespace {

using access::RouteKind;

// What is not named here is the administrators'.
RouteKind kind_of(Route route) {
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
            return RouteKind::info;
        default:
            return RouteKind::admin;
    }
}

}  // namespace

std::optional<Error> check_principal(const Request& request) {
    const access::Principal& principal = *request.principal;
    if (auto refused = access::refused_now(principal, unix_us())) return refused;
    return access::check_route(principal, kind_of(request.match.route), request.match.name,
                               request.path);
}

}  // namespace patchbay::gateway
