// SPDX-License-Identifier: Apache-2.0
#include "speech_exchange.hpp"

#include <patchbay/sdk.hpp>
#include <utility>

#include "google/speech.hpp"
#include "synthesis.hpp"

namespace patchbay::vertex_ai {

google::Result<void> SpeechExchange::write(const bay_ev_request& request, bay::Out out) {
    const auto model = bay::sv(request.target->model);
    const shared::Leniency leniency{"vertex_ai", model, (request.flags & BAY_REQ_DROP_PARAMS) != 0,
                                    bay::sv(request.allowed_params), bay::sv(request.hint_params)};
    gemini_ = model.find("gemini") != std::string_view::npos;
    if (gemini_) {
        auto call = google::speech_request(bay::sv(request.json), leniency);
        if (!call) return call.error();
        call->dropped.tell(out);
        wav_ = call->wav;
        body_ = std::move(call->body);
        address_ = deployment().url("generateContent");
        return {};
    }
    auto call = synthesis_request(bay::sv(request.json), leniency);
    if (!call) return call.error();
    call->dropped.tell(out);
    encoding_ = std::move(call->encoding);
    characters_ = call->characters;
    body_ = std::move(call->body);
    address_ = deployment().service_url(synthesis_host(deployment().location()), kSynthesis);
    charge_project();
    return {};
}

bay_status SpeechExchange::on_request(const bay_ev_request& request, bay::Out out) {
    if (auto settled = settle(request); !settled) return google::report(settled.error(), out);
    if (auto written = write(request, out); !written) return google::report(written.error(), out);
    return start(out);
}

bay_status SpeechExchange::tell(std::string_view answer, bay::Out out) {
    if (gemini_) {
        const auto speech = google::speech_answer(answer, wav_);
        if (!speech) return tell_failure(speech.error(), out);
        return google::tell_speech(*speech, out);
    }
    const auto sound = synthesis_answer(answer, encoding_);
    if (!sound) return tell_failure(sound.error(), out);
    bay_usage usage{};
    usage.characters = usage.units = characters_;
    if (const auto status = out.usage(usage); status != BAY_OK) return status;
    const auto sent = out.body(sound->content_type, sound->bytes);
    return sent == BAY_OK ? out.done() : sent;
}

}  // namespace patchbay::vertex_ai
