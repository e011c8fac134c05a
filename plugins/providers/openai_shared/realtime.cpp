#include "realtime.hpp"

#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "errors.hpp"
#include "json/access.hpp"
#include "patchbay/operations.h"
#include "patchbay/sdk/host.hpp"
#include "patchbay/sdk/upstream.hpp"
#include "refusal.hpp"
#include "site.hpp"

namespace patchbay::openai {

namespace json = boost::json;

namespace {

constexpr std::uint32_t kClient = 0;
constexpr std::uint32_t kLeastCloseCode = 1000;  ///< less is the status of a refused handshake

}  // namespace

bay_status RealtimeExchange::on_request(const bay_ev_request& request, bay::Out out) {
    Visit visit;
    if (dialect_.site != nullptr) {
        auto found = dialect_.site->visit(request, BAY_OP_REALTIME);
        if (!found) return refuse(found.error().cls, found.error().message, {}, out);
        visit = std::move(*found);
    } else {
        visit.address = address_of(request, dialect_, nullptr);
    }
    if (visit.address.empty()) {
        return refuse(BAY_ERR_BAD_REQUEST, missing_base_message(dialect_), {}, out);
    }
    url_ = realtime_url(visit.address, request, visit.names_model);
    if (url_.empty()) {
        return refuse(BAY_ERR_BAD_REQUEST, "the api_base is no http or https URL", {}, out);
    }
    auto headers = request_headers(request, dialect_, {});
    const bool own = headers && has_header(*headers, visit.access.header());
    const bool authorized = dialect_.site == nullptr || own || visit.access.exists();
    if (!headers || !authorized) {
        return refuse(BAY_ERR_AUTH, missing_key_message(dialect_), {}, out);
    }
    headers_ = std::move(*headers);
    if (!own) access_ = std::move(visit.access);
    return access_.exists() && !access_.ready() ? access_.ask(out) : open(out);
}

bay_status RealtimeExchange::on_shared(const bay_ev_shared& shared, bay::Out out) {
    if (shared.status != BAY_OK) return out.fail(bay::error_of(shared));
    access_.take(shared);
    return open(out);
}

bay_status RealtimeExchange::open(bay::Out out) {
    bay_ws_req open{};
    std::vector<bay_kv> list;
    for (const auto& [name, value] : headers_) {
        if (name == "sec-websocket-protocol") {
            open.subprotocols = bay::str(value);
        } else {
            list.push_back({bay::str(name), bay::str(value)});
        }
    }
    if (access_.exists()) list.push_back({bay::str(access_.header()), bay::str(access_.value())});
    open.size = sizeof open;
    open.call = ++opened_;
    open.url = bay::str(url_);
    open.headers = list.data();
    open.header_count = list.size();
    return out.ws_open(open);
}

bay_status RealtimeExchange::on_ws_open(const bay_ev_ws&, bay::Out out) {
    accepted_ = true;
    return out.want(BAY_WANT_CLIENT_FRAMES);
}

bay_status RealtimeExchange::on_ws_frame(const bay_ev_ws& frame, bay::Out out) {
    if (frame.opcode == BAY_WS_TEXT && shared::mentions(bay::sv(frame.data), "response.done")) {
        const bay_status status = read_usage(bay::sv(frame.data), out);
        if (status != BAY_OK) return status;
    }
    return out.ws_send(kClient, frame.opcode, bay::sv(frame.data));
}

bay_status RealtimeExchange::read_usage(std::string_view frame, bay::Out out) {
    const auto event = shared::parse_json(frame);
    if (!event || !event->is_object()) return BAY_OK;
    const json::value* type = event->get_object().if_contains("type");
    if (type == nullptr || !type->is_string() || type->get_string() != "response.done") {
        return BAY_OK;
    }
    const json::object* response = shared::find_object(event->get_object(), "response");
    const json::object* usage = shared::find_object(response, "usage");
    if (usage == nullptr) return BAY_OK;
    const json::object* input = shared::find_object(*usage, "input_token_details");
    const json::object* output = shared::find_object(*usage, "output_token_details");
    usage_.input_tokens += shared::count(usage, "input_tokens");
    usage_.output_tokens += shared::count(usage, "output_tokens");
    usage_.cached_input_tokens += shared::count(input, "cached_tokens");
    usage_.audio_input_tokens += shared::count(input, "audio_tokens");
    usage_.audio_output_tokens += shared::count(output, "audio_tokens");
    usage_.reasoning_tokens += shared::count(output, "reasoning_tokens");
    return out.usage(usage_);
}

bay_status RealtimeExchange::on_ws_close(const bay_ev_ws& end, bay::Out out) {
    if (end.failure != BAY_FAIL_NONE && access_.renews(static_cast<int>(end.code), out)) {
        return BAY_OK;
    }
    if (end.failure != BAY_FAIL_NONE && end.code != 0 && end.code < kLeastCloseCode) {
        return report(openai_error(dialect_.errors, static_cast<int>(end.code), {},
                                   bay::sv(end.data), bay::Host::unix_ms()),
                      out);
    }
    if (end.failure != BAY_FAIL_NONE) {
        return report(transport_error(end.failure, 0, bay::sv(end.data)), out);
    }
    if (!accepted_) {
        return report(transport_error(BAY_FAIL_RESET, 0, "closed before the session began"), out);
    }
    const bay_status status = out.ws_close(kClient, end.code, bay::sv(end.data));
    if (status != BAY_OK && status != BAY_E_STATE) return status;  // the client may have gone too
    return out.done();
}

bay_status RealtimeExchange::on_client_frame(const bay_ev_ws& frame, bay::Out out) {
    const bay_status status = out.ws_send(opened_, frame.opcode, bay::sv(frame.data));
    return status == BAY_E_STATE ? bay_status{BAY_OK} : status;
}

bay_status RealtimeExchange::on_client_close(const bay_ev_ws& end, bay::Out out) {
    // What the client closed with is not for the provider when it did not close.
    const std::uint32_t code = end.failure == BAY_FAIL_NONE ? end.code : std::uint32_t{1001};
    const bay_status status = out.ws_close(opened_, code, {});
    if (status != BAY_OK && status != BAY_E_STATE) return status;
    return out.done();
}

}  // namespace patchbay::openai
