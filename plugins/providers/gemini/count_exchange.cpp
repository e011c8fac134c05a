// SPDX-License-Identifier: Apache-2.0
#include "count_exchange.hpp"

#include "endpoint.hpp"

namespace patchbay::gemini {

bay_status CountExchange::on_request(const bay_ev_request& request, bay::Out out) {
    google::RequestOptions options;
    options.provider = "gemini";
    if (auto begun = machine_.begin(request, options); !begun) {
        return google::report(begun.error(), out);
    }
    bay::HttpRequest call("POST", model_url(bay::sv(request.target->base_url),
                                            bay::sv(request.target->model), machine_.kMethod));
    add_own_headers(request, call);
    return machine_.send(call, out);
}

}  // namespace patchbay::gemini
