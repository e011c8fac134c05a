// SPDX-License-Identifier: Apache-2.0
#include "chat_exchange.hpp"

namespace patchbay::vertex_ai {

bay_status ChatExchange::on_request(const bay_ev_request& request, bay::Out out) {
    google::RequestOptions options;
    options.provider = "vertex_ai";
    options.labels = true;
    if (auto begun = machine_.begin(request, options); !begun) {
        return google::report(begun.error(), out);
    }
    if (auto settled = settle(request); !settled) return google::report(settled.error(), out);
    return start(out);
}

}  // namespace patchbay::vertex_ai
