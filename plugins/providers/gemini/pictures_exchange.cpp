// SPDX-License-Identifier: Apache-2.0
#include "pictures_exchange.hpp"

#include "endpoint.hpp"
#include "google/pictures.hpp"

namespace patchbay::gemini {

bay_status PicturesExchange::on_request(const bay_ev_request& request, bay::Out out) {
    audience_ = shared::PictureAudience::of(request);
    const auto model = bay::sv(request.target->model);
    shared::Leniency leniency{"gemini", model, (request.flags & BAY_REQ_DROP_PARAMS) != 0,
                              bay::sv(request.allowed_params), bay::sv(request.hint_params)};
    const auto call = google::pictures_request(bay::sv(request.json), model, leniency, true);
    if (!call) return google::report(call.error(), out);
    call->dropped.tell(out);
    bay::HttpRequest http("POST",
                          model_url(bay::sv(request.target->base_url), model, call->method));
    http.header("content-type", "application/json");
    add_own_headers(request, http);
    http.body_view(call->body);
    return http.send(out);
}

bay_status PicturesExchange::on_http_done(const bay_ev_http& done, bay::Out out) {
    return google::tell_pictures(done, audience_, out);
}

}  // namespace patchbay::gemini
