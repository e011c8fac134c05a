// SPDX-License-Identifier: Apache-2.0
#include "images_exchange.hpp"

#include <patchbay/sdk.hpp>
#include <utility>

#include "errors.hpp"

namespace patchbay::bedrock {

bay_status ImagesExchange::on_request(const bay_ev_request& request, bay::Out out) {
    audience_ = shared::PictureAudience::of(request);
    if (auto settled = settle(request); !settled) return report(settled.error(), out);
    shared::Leniency leniency;
    leniency.provider = "bedrock";
    leniency.model = bay::sv(request.target->model);
    leniency.drop_params = (request.flags & BAY_REQ_DROP_PARAMS) != 0;
    leniency.allowed_params = bay::sv(request.allowed_params);
    leniency.hint_params = bay::sv(request.hint_params);
    auto call = images_request(bay::sv(request.json), deployment().model().name, leniency);
    if (!call) return report(call.error(), out);
    call_ = std::move(*call);
    call_.dropped.tell(out);
    deployment().ask_by_invoke();
    return start("invoke", std::move(call_.body), false, out);
}

bay_status ImagesExchange::ended(const bay_ev_http& done, bay::Out out) {
    if (done.failure != BAY_FAIL_NONE) return report(failure_of_call(done), out);
    if (done.status / 100 != 2) return report(failure_of_answer(done), out);
    const auto data = bay::sv(done.data);
    const auto list = images_answer(data, *call_.form, bay::Host::unix_ms() / 1000);
    if (list) return shared::tell_picture_list(*list, audience_, out);
    auto failure = list.error();
    failure.upstream_status = done.status;
    failure.upstream_body = data;
    return report(failure, out);
}

}  // namespace patchbay::bedrock
