// SPDX-License-Identifier: Apache-2.0
#include "whole_exchange.hpp"

#include <patchbay/sdk.hpp>

#include "google/errors.hpp"

namespace patchbay::vertex_ai {

bay_status WholeExchange::send(bay::HttpRequest& call, bay::Out out) {
    call.header("content-type", "application/json").flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE);
    return call.body_view(body_).send(out);
}

bay_status WholeExchange::ended(const bay_ev_http& done, bay::Out out) {
    if (done.failure != BAY_FAIL_NONE) return google::report(google::failure_of_call(done), out);
    if (done.status / 100 != 2) return google::report(google::failure_of_answer(done), out);
    status_ = done.status;
    return tell(bay::sv(done.data), out);
}

bay_status WholeExchange::tell_failure(google::Failure failure, bay::Out out) const {
    failure.upstream_status = status_;
    return google::report(failure, out);
}

}  // namespace patchbay::vertex_ai
