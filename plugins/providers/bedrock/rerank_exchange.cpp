// SPDX-License-Identifier: Apache-2.0
#include "rerank_exchange.hpp"

#include <patchbay/sdk.hpp>

#include "errors.hpp"
#include "rerank.hpp"

namespace patchbay::bedrock {

bay_status RerankExchange::on_request(const bay_ev_request& request, bay::Out out) {
    if (auto settled = settle(request); !settled) return report(settled.error(), out);
    auto call = rerank_request(bay::sv(request.json), deployment().arn());
    if (!call) return report(call.error(), out);
    documents_ = call->documents;
    return start("/rerank", std::move(call->body), false, out);
}

bay_status RerankExchange::ended(const bay_ev_http& done, bay::Out out) {
    if (done.failure != BAY_FAIL_NONE) return report(failure_of_call(done), out);
    if (done.status / 100 != 2) return report(failure_of_answer(done), out);
    const auto ranked = rerank_answer(bay::sv(done.data), request_id_, documents_);
    if (ranked) return out.result(*ranked);
    auto failure = ranked.error();
    failure.upstream_status = done.status;
    failure.upstream_body = bay::sv(done.data);
    return report(failure, out);
}

}  // namespace patchbay::bedrock
