#include "claude_call.hpp"

#include <patchbay/sdk.hpp>

#include "anthropic/headers.hpp"
#include "openai_shared/refusal.hpp"

namespace patchbay::azure {

std::optional<bay_status> ClaudeCall::settle(const bay_ev_request& request, bay::Out out) {
    streamed_ = (request.flags & BAY_REQ_STREAM) != 0;
    settings_ = read_params(*request.target);
    url_ = claude_url(bay::sv(request.target->base_url));
    access_ = access_of(*request.target, settings_, shared_, KeyHeader::api_key);
    if (!url_.empty() && access_.exists()) {
        url_ += path_;
        return std::nullopt;
    }
    const bool auth = !url_.empty();
    return openai::refuse(auth ? BAY_ERR_AUTH : BAY_ERR_BAD_REQUEST,
                          auth ? "no API key for azure_ai: set api_key of the deployment, "
                                 "AZURE_AI_API_KEY or credentials of Microsoft Entra"
                               : "azure_ai needs an api_base: it has no address of its own",
                          {}, out);
}

bay_status ClaudeCall::start(const bay_ev_request& request, anthropic::Betas betas, bay::Out out) {
    // Anthropic's own header for the key stands beside Azure's: either may be looked at.
    const bool by_key = access_.header() == kKeyHeader;
    headers_ = anthropic::messages_headers(
        by_key ? std::string_view(access_.value()) : std::string_view(), settings_, request.headers,
        request.header_count, std::move(betas));
    return access_.ready() ? send(out) : access_.ask(out);
}

bay_status ClaudeCall::on_shared(const bay_ev_shared& shared, bay::Out out) {
    if (shared.status != BAY_OK) return out.fail(bay::error_of(shared));
    access_.take(shared);
    return send(out);
}

bay_status ClaudeCall::send(bay::Out out) {
    bay::HttpRequest call("POST", url_);
    bool authorized = false;
    for (const auto& [name, value] : headers_) {
        authorized = authorized || name == access_.header();
        call.header(name, value);
    }
    if (!authorized) call.header(access_.header(), access_.value());
    call.call(++calls_).flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE);
    if (streamed_) call.decode(BAY_DECODE_SSE);
    write(call);
    return call.send(out);
}

bay_status ClaudeCall::on_http_done(const bay_ev_http& done, bay::Out out) {
    if (done.failure == BAY_FAIL_NONE && access_.renews(done.status, out)) return BAY_OK;
    return ended(done, out);
}

}  // namespace patchbay::azure
