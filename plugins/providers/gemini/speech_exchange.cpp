// SPDX-License-Identifier: Apache-2.0
#include "speech_exchange.hpp"

#include "endpoint.hpp"
#include "google/errors.hpp"
#include "google/speech.hpp"

namespace patchbay::gemini {

bay_status SpeechExchange::on_request(const bay_ev_request& request, bay::Out out) {
    const auto model = bay::sv(request.target->model);
    const shared::Leniency leniency{"gemini", model, (request.flags & BAY_REQ_DROP_PARAMS) != 0,
                                    bay::sv(request.allowed_params), bay::sv(request.hint_params)};
    const auto call = google::speech_request(bay::sv(request.json), leniency);
    if (!call) return google::report(call.error(), out);
    call->dropped.tell(out);
    wav_ = call->wav;
    bay::HttpRequest http("POST",
                          model_url(bay::sv(request.target->base_url), model, "generateContent"));
    http.header("content-type", "application/json");
    add_own_headers(request, http);
    http.body_view(call->body);
    return http.send(out);
}

bay_status SpeechExchange::on_http_done(const bay_ev_http& done, bay::Out out) {
    if (done.failure != BAY_FAIL_NONE) return google::report(google::failure_of_call(done), out);
    if (done.status / 100 != 2) return google::report(google::failure_of_answer(done), out);
    const auto speech = google::speech_answer(bay::sv(done.data), wav_);
    if (!speech) {
        auto failure = speech.error();
        failure.upstream_status = done.status;
        return google::report(failure, out);
    }
    return google::tell_speech(*speech, out);
}

}  // namespace patchbay::gemini
