// SPDX-License-Identifier: Apache-2.0
#include "messages_api.hpp"

#include "errors.hpp"
#include "failure/error_text.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay::anthropic {

namespace {

Failure failure_of_message(const bay_ev_http& done) {
    Failure failure = failure_of_answer(done);
    // Clients of its API know the status: 413 is request_too_large.
    if (failure.cls == BAY_ERR_BAD_REQUEST) failure.http_status = done.status;
    return failure;
}

std::optional<Failure> error_in_message(const bay_ev_http& answer) {
    const std::string_view data = bay::sv(answer.data);
    const bool told = bay::sv(answer.event) == "error" || shared::read_error(data).error_member;
    return told ? std::optional(failure_of_event(data)) : std::nullopt;
}

}  // namespace

const shared::PassedApi kMessagesApi{
    "event-stream", "the stream holds what is no event of a message",
    "no answer of the Messages API", failure_of_message, error_in_message};

}  // namespace patchbay::anthropic
