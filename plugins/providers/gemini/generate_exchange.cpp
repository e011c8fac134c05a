// SPDX-License-Identifier: Apache-2.0
#include "generate_exchange.hpp"

#include "endpoint.hpp"

namespace patchbay::gemini {

bay_status GenerateExchange::on_request(const bay_ev_request& request, bay::Out out) {
    const auto model = bay::sv(request.target->model);
    pass_.begin(request, model);
    bay::HttpRequest call("POST",
                          model_url(bay::sv(request.target->base_url), model, pass_.method()));
    add_own_headers(request, call);
    return pass_.send(call, out);
}

}  // namespace patchbay::gemini
