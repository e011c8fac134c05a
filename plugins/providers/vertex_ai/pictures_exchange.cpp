// SPDX-License-Identifier: Apache-2.0
#include "pictures_exchange.hpp"

#include <patchbay/sdk.hpp>
#include <utility>

#include "google/pictures.hpp"

namespace patchbay::vertex_ai {

bay_status PicturesExchange::on_request(const bay_ev_request& request, bay::Out out) {
    audience_ = shared::PictureAudience::of(request);
    if (auto settled = settle(request); !settled) return google::report(settled.error(), out);
    const auto model = bay::sv(request.target->model);
    shared::Leniency leniency{"vertex_ai", model, (request.flags & BAY_REQ_DROP_PARAMS) != 0,
                              bay::sv(request.allowed_params), bay::sv(request.hint_params)};
    auto call = google::pictures_request(bay::sv(request.json), model, leniency, false);
    if (!call) return google::report(call.error(), out);
    call->dropped.tell(out);
    body_ = std::move(call->body);
    method_ = call->method;
    return start(out);
}

bay_status PicturesExchange::send(bay::HttpRequest& call, bay::Out out) {
    call.header("content-type", "application/json").flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE);
    return call.body_view(body_).send(out);
}

bay_status PicturesExchange::ended(const bay_ev_http& done, bay::Out out) {
    return google::tell_pictures(done, audience_, out);
}

}  // namespace patchbay::vertex_ai
