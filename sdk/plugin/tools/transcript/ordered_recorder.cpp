#include "ordered_recorder.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <boost/json.hpp>

#include "action_fields.hpp"
#include "contract/actions/abi_values.hpp"
#include "contract/actions/out_table.hpp"
#include "contract/crypto/base64.hpp"

namespace patchbay::transcript {
namespace {

std::string text(bay_str s) {
    return std::string(view(s));
}

std::string end_of(std::uint32_t call) {
    return call == 0 ? "client" : "upstream";
}

Action call_of(const HttpAction& from) {
    Action action{.kind = "http", .number = from.call};
    action.method = from.method;
    action.url = from.url;
    action.decode = from.decode;
    action.flags = from.flags;
    for (const http::Header& header : from.headers) {
        action.headers.emplace_back(header.name, header.value);
    }
    auto encoded = from.base64.begin();
    for (std::size_t i = 0; i < from.body.size(); ++i) {
        action.text += from.body[i];
        if (encoded == from.base64.end() || encoded->index != i) continue;
        append_base64(action.text, encoded->bytes);
        ++encoded;
    }
    return action;
}

}  // namespace

struct OrderedRecorder::Slots {
    static OrderedRecorder& self(bay_out* o) { return OrderedRecorder::of(*o); }
    static bay_out& gateway(bay_out* o) { return self(o).Recorder::out(); }

    static bay_status http(bay_out* o, const bay_http_req* request) noexcept {
        return self(o).write_http(gateway(o).http(o, request), request);
    }
    static bay_status http_abort(bay_out* o, std::uint32_t call) noexcept {
        return self(o).write(gateway(o).http_abort(o, call),
                             {.kind = "http_abort", .number = call});
    }
    static bay_status shared_get(bay_out* o, bay_str key) noexcept {
        return self(o).write(gateway(o).shared_get(o, key),
                             {.kind = "shared_get", .key = text(key)});
    }
    static bay_status shared_put(bay_out* o, bay_str value, std::uint32_t ttl) noexcept {
        return self(o).write(gateway(o).shared_put(o, value, ttl),
                             {.kind = "shared_put", .after_ms = ttl, .text = text(value)});
    }
    static bay_status shared_drop(bay_out* o, bay_str key, bay_str value) noexcept {
        return self(o).write(gateway(o).shared_drop(o, key, value),
                             {.kind = "shared_drop", .key = text(key), .text = text(value)});
    }
    static bay_status timer(bay_out* o, std::uint32_t timer, std::uint32_t after) noexcept {
        return self(o).write(gateway(o).timer(o, timer, after),
                             {.kind = "timer", .number = timer, .after_ms = after});
    }
    static bay_status want(bay_out* o, std::uint32_t bits) noexcept {
        const bool accepts = (bits & BAY_WANT_CLIENT_FRAMES) != 0;
        return self(o).write(
            gateway(o).want(o, bits),
            accepts ? Action{.kind = "accept"} : Action{.kind = "want", .number = bits});
    }
    static bay_status note(bay_out* o, bay_str key, bay_str json) noexcept {
        const bay_status status = gateway(o).note(o, key, json);
        // A note too many is only left out of the log.
        if (status == BAY_E_LIMIT) return status;
        return self(o).write(status, {.kind = "note", .key = text(key), .text = text(json)});
    }
    static bay_status fail(bay_out* o, const bay_error* error) noexcept {
        Action action{.kind = "fail"};
        if (error) action.fields = error_fields(complete(*error));
        return self(o).write(gateway(o).fail(o, error), std::move(action));
    }
    static bay_status done(bay_out* o) noexcept {
        return self(o).write(gateway(o).done(o), {.kind = "done"});
    }
    static bay_status result(bay_out* o, bay_str json) noexcept {
        return self(o).write(gateway(o).result(o, json), {.kind = "result", .text = text(json)});
    }
    static bay_status chunk(bay_out* o, bay_str event, bay_str json) noexcept {
        return self(o).write(gateway(o).chunk(o, event, json),
                             {.kind = "chunk", .key = text(event), .text = text(json)});
    }
    static bay_status body(bay_out* o, bay_str type, bay_str bytes) noexcept {
        return self(o).write_body(gateway(o).body(o, type, bytes), type, bytes);
    }
    static bay_status usage(bay_out* o, const bay_usage* usage) noexcept {
        Action action{.kind = "usage"};
        if (usage) action.fields = usage_fields(complete(*usage));
        return self(o).write(gateway(o).usage(o, usage), std::move(action));
    }
    static bay_status pass_through(bay_out* o, std::uint32_t call) noexcept {
        return self(o).write(gateway(o).pass_through(o, call),
                             {.kind = "pass_through", .number = call});
    }
    static bay_status verdict(bay_out* o, const bay_verdict* given) noexcept {
        const bay_verdict whole = given ? complete(*given) : bay_verdict{};
        return self(o).write_verdict(gateway(o).verdict(o, given), given ? &whole : nullptr);
    }
    static bay_status retry_records(bay_out* o, const std::uint32_t* index,
                                    std::uint64_t count) noexcept {
        return self(o).write_retries(gateway(o).retry_records(o, index, count), index, count);
    }
    static bay_status ws_open(bay_out* o, const bay_ws_req* request) noexcept {
        return self(o).write_socket(gateway(o).ws_open(o, request), request);
    }
    static bay_status ws_send(bay_out* o, std::uint32_t call, std::uint32_t opcode,
                              bay_str data) noexcept {
        return self(o).write(gateway(o).ws_send(o, call, opcode, data), {.kind = "ws_send",
                                                                         .number = call,
                                                                         .key = end_of(call),
                                                                         .text = text(data),
                                                                         .flags = opcode});
    }
    static bay_status ws_close(bay_out* o, std::uint32_t call, std::uint32_t code,
                               bay_str reason) noexcept {
        return self(o).write(gateway(o).ws_close(o, call, code, reason), {.kind = "ws_close",
                                                                          .number = call,
                                                                          .key = end_of(call),
                                                                          .text = text(reason),
                                                                          .flags = code});
    }
    static bay_status head(bay_out* o, std::int32_t code, const bay_kv* headers,
                           std::uint64_t count) noexcept {
        Action action{.kind = "head", .number = static_cast<std::uint32_t>(code)};
        const bay_status status = gateway(o).head(o, code, headers, count);
        for (std::uint64_t i = 0; status == BAY_OK && i < count; ++i) {
            action.headers.emplace_back(text(headers[i].name), text(headers[i].value));
        }
        return self(o).write(status, std::move(action));
    }
    static void* get_extension(bay_out* o, const char* id) noexcept {
        return gateway(o).get_extension(o, id);
    }
};

OrderedRecorder::OrderedRecorder(Role role, Results* results, std::string_view blob, bool stream,
                                 const Shape& shape)
    : Recorder(role, results, blob, stream, shape),
      out_(out_table<Slots>(static_cast<Recorder*>(this))) {}

void OrderedRecorder::ask(std::vector<std::string> paths, bool stream, bool last, bool idle) {
    paths_ = std::move(paths);
    Recorder::ask({.stream = stream, .last = last, .texts = paths_.size()}, idle);
}

void OrderedRecorder::begin_cancel() {
    cancelled_ = true;
    Recorder::begin_cancel();
}

void OrderedRecorder::hand_over() {
    actions().clear();
    detached().clear();
    aborts().clear();
    shared_drops().clear();
    notes().clear();
    sent();
}

std::string OrderedRecorder::reason(bay_status status) const {
    if (cancelled_) return "after CANCEL: ";
    if (finished()) return "after the exchange had ended: ";
    switch (status) {
        case BAY_E_INVALID:
            return "not valid: ";
        case BAY_E_UNSUPPORTED:
            return "not supported: ";
        case BAY_E_LIMIT:
            return "over the limit of " + std::string(exceeded() ? exceeded() : "the gateway") +
                   ": ";
        default:
            return "not allowed here: ";
    }
}

bay_status OrderedRecorder::write(bay_status status, Action action) {
    if (status == BAY_OK) {
        written.push_back(std::move(action));
    } else {
        written.push_back({.kind = "refused", .text = reason(status) + describe(action)});
    }
    return status;
}

bay_status OrderedRecorder::write_http(bay_status status, const bay_http_req* request) {
    if (status == BAY_OK) {
        const bool outlives = (complete(*request).flags & BAY_HTTP_DETACHED) != 0;
        return write(
            status, call_of(outlives ? detached().back() : std::get<HttpAction>(actions().back())));
    }
    Action action{.kind = "http"};
    if (request) {
        const bay_http_req whole = complete(*request);
        action.number = whole.call;
        action.method = text(whole.method);
        action.url = text(whole.url);
    }
    return write(status, std::move(action));
}

bay_status OrderedRecorder::write_socket(bay_status status, const bay_ws_req* request) {
    Action action{.kind = "ws_open"};
    if (request) {
        const bay_ws_req whole = complete(*request);
        action.number = whole.call;
        action.url = text(whole.url);
        for (std::uint64_t i = 0; status == BAY_OK && i < whole.header_count; ++i) {
            action.headers.emplace_back(text(whole.headers[i].name), text(whole.headers[i].value));
        }
        if (whole.subprotocols.len != 0) {
            action.headers.emplace_back("sec-websocket-protocol", text(whole.subprotocols));
        }
    }
    return write(status, std::move(action));
}

// How a body is cut is not part of the answer.
bay_status OrderedRecorder::write_body(bay_status status, bay_str type, bay_str bytes) {
    if (status != BAY_OK || written.empty() || written.back().kind != "body") {
        return write(status, {.kind = "body", .key = text(type), .text = text(bytes)});
    }
    written.back().text += view(bytes);
    return status;
}

bay_status OrderedRecorder::write_verdict(bay_status status, const bay_verdict* given) {
    if (!given) return write(status, {.kind = "verdict"});
    Action action{.kind = "verdict", .key = decision_name(given->decision)};
    if (status == BAY_E_STATE && verdict()) action.text = "a second verdict";
    action.fields = verdict_fields(*given, paths_);
    return write(status, std::move(action));
}

bay_status OrderedRecorder::write_retries(bay_status status, const std::uint32_t* index,
                                          std::uint64_t count) {
    // The gateway looks at what was named when the exchange is over, and then counts it as a fault.
    const bool there = status == BAY_OK && std::all_of(index, index + count, [&](std::uint32_t i) {
                           return i < records_;
                       });
    std::set<std::uint32_t> named(retries().begin(), retries().end());
    Action action{.kind = "retry_records",
                  .text = boost::json::serialize(boost::json::value_from(named))};
    if (!there) {
        write(status == BAY_OK ? bay_status{BAY_E_INVALID} : status, std::move(action));
        return status;
    }
    // Named in pieces is named all the same.
    if (!written.empty() && written.back().kind == "retry_records") written.pop_back();
    return write(status, std::move(action));
}

}  // namespace patchbay::transcript
