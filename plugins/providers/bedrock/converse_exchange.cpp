// SPDX-License-Identifier: Apache-2.0
#include "converse_exchange.hpp"

#include <patchbay/sdk.hpp>

#include "errors.hpp"

namespace patchbay::bedrock {

namespace {

std::optional<Failure> error_in_converse(const bay_ev_http& answer) {
    const auto type = exception_in(answer);
    if (type.empty()) return std::nullopt;
    return failure_of_exception(type, told_in(answer));
}
constexpr shared::PassedApi kConverseApi{
    "eventstream", "the stream holds what is no event of Converse's", "no answer of Converse's",
    failure_of_answer, error_in_converse};

}  // namespace

bay_status ConverseExchange::on_request(const bay_ev_request& request, bay::Out out) {
    if (auto settled = settle(request); !settled) return report(settled.error(), out);
    const bool streamed = (request.flags & BAY_REQ_STREAM) != 0;
    answer_.emplace(kConverseApi, "Bedrock", streamed);
    clients_body(request);
    return start(streamed ? "converse-stream" : "converse", streamed, out);
}

}  // namespace patchbay::bedrock
