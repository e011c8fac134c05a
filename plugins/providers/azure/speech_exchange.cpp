#include "speech_exchange.hpp"

#include <patchbay/sdk.hpp>
#include <string>

#include "openai_shared/errors.hpp"
#include "openai_shared/refusal.hpp"
#include "openai_shared/upstream.hpp"
#include "ssml.hpp"

namespace patchbay::azure {

bay_status SpeechExchange::on_request(const bay_ev_request& request, bay::Out out) {
    const std::string url = speech_url(bay::sv(request.target->base_url));
    const std::string_view key = bay::sv(request.target->api_key);
    if (url.empty()) {
        return openai::refuse(BAY_ERR_BAD_REQUEST, openai::missing_base_message(dialect_), {}, out);
    }
    if (key.empty()) {
        return openai::refuse(BAY_ERR_AUTH, "Azure's Speech service needs an api_key", {}, out);
    }
    const auto made = speech_request(bay::sv(request.json), bay::sv(request.target->model),
                                     (request.flags & BAY_REQ_DROP_PARAMS) != 0);
    if (!made) return openai::report(made.error(), out);
    made->dropped.tell(out);
    characters_ = made->characters;
    bay::HttpRequest call("POST", url);
    const auto headers = openai::request_headers(request, dialect_, "application/ssml+xml");
    for (const auto& [name, value] : *headers) call.header(name, value);
    call.header("ocp-apim-subscription-key", key);
    call.header("x-microsoft-outputformat", made->output_format);
    call.decode(BAY_DECODE_RAW).flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE).body_view(made->body);
    return call.send(out);
}

bay_status SpeechExchange::on_http_head(const bay_ev_http& head, bay::Out out) {
    return head.status / 100 == 2 ? out.pass_through(head.call) : bay_status{BAY_OK};
}

bay_status SpeechExchange::on_http_done(const bay_ev_http& done, bay::Out out) {
    if (done.failure != BAY_FAIL_NONE) {
        return openai::report(
            openai::transport_error(done.failure, done.status, bay::sv(done.error)), out);
    }
    if (done.status / 100 != 2) {
        const std::span<const bay_kv> headers(done.headers, done.header_count);
        return openai::report(openai::openai_error(dialect_.errors, done.status, headers,
                                                   bay::sv(done.data), bay::Host::unix_ms()),
                              out);
    }
    bay_usage usage{};
    usage.characters = usage.units = characters_;
    const bay_status told = out.usage(usage);
    return told == BAY_OK ? out.done() : told;
}

}  // namespace patchbay::azure
