#include "gateway/served.hpp"

#include <array>
#include <charconv>
#include <type_traits>

#include "contract/http/header.hpp"
#include "engine/call/call_cache.hpp"
#include "engine/call/settle.hpp"
#include "engine/version.hpp"
#include "gateway/capacity_headers.hpp"
#include "gateway/door.hpp"
#include "gateway/key_headers.hpp"
#include "gateway/subprotocols.hpp"

namespace patchbay::gateway {

namespace asio = boost::asio;

namespace {

std::uint64_t milliseconds(std::chrono::nanoseconds d) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(d).count(), 0));
}

}  // namespace

Served::Served(ServerContext& s, Connection& c, Request& r, std::string_view route_name)
    : server(s), connection(c), request(r), route(route_name), snapshot(s.engine.snapshot) {
    // In a WebSocket's handshake a browser's key stands among the protocols.
    OfferedProtocols offered;
    for (const auto& field : request.head) {
        if (field.name() == boost::beast::http::field::sec_websocket_protocol) {
            if (offered.names.empty()) offered = offered_protocols(request);
            continue;
        }
        caller_headers_.push_back({field.name_string(), field.value()});
    }
    if (!offered.chosen().empty()) {
        caller_headers_.push_back({"sec-websocket-protocol", offered.chosen()});
    }
    if (!offered.beta().empty() && request.header("openai-beta").empty()) {
        caller_headers_.push_back({"openai-beta", offered.beta()});
    }
    caller_.id = r.header("x-litellm-call-id");
    const auto& access = snapshot->config.general.access;
    caller_.address = access ? client_address(r, *access) : c.peer();
    caller_.headers = {caller_headers_.data(), caller_headers_.size()};
    id = call_id(server.engine, caller_);
}

Call& Served::begin_call(const Surface& surface) {
    Call& call = call_.emplace(server.engine, surface, caller_, id, started);
    call.principal = request.principal;
    return call;
}

// What is known once the call is settled: of whole answers, then, and not of streams.
template <class Add>
void describe_bill(const meter::Cost& bill, Add add) {
    const auto dollars = [&](std::string_view name, meter::Amount amount) {
        const meter::DecimalText text = meter::dollars(amount);
        add(name, text.view());
    };
    const auto unless_zero = [&](std::string_view name, meter::Amount amount) {
        if (amount != 0) dollars(name, amount);
    };
    dollars("x-litellm-response-cost", bill.charge);
    dollars("x-litellm-response-cost-original", bill.original);
    dollars("x-litellm-response-cost-discount-amount", bill.discount());
    dollars("x-litellm-response-cost-margin-amount", bill.margin());
    unless_zero("x-litellm-response-cost-input", bill.part(meter::Part::input));
    unless_zero("x-litellm-response-cost-cache-read", bill.part(meter::Part::cache_read));
    unless_zero("x-litellm-response-cost-cache-creation", bill.part(meter::Part::cache_write));
    unless_zero("x-litellm-response-cost-output", bill.part(meter::Part::output));
    unless_zero("x-litellm-response-cost-reasoning", bill.reasoning);
    unless_zero("x-litellm-response-cost-tool-usage", bill.part(meter::Part::tools));
}

template <class Add>
void Served::describe(Add add) const {
    add("x-litellm-call-id", id);
    add("x-request-id", id);
    if (!call_ || !call()->upstream_headers.names_request()) add("request-id", id);
    add("x-litellm-version", PATCHBAY_VERSION);
    if (!call_) return;
    if (call_->answered_by) add("x-litellm-fastest_response_batch_completion", "True");
    if (!call_->parts.empty() && !call_->answered_by) describe_bill(call_->bill, add);
    describe_call(add);
}

template <class Add>
void Served::describe_call(Add add) const {
    const Call& call = *this->call();
    if (call.ask.options.priority) add("x-litellm-request-prioritization-used", "True");
    if (call.ask.options.timeout) {
        char seconds[32];
        const auto end = std::to_chars(seconds, seconds + sizeof seconds,
                                       static_cast<double>(call.ask.options.timeout->count()) / 1e3)
                             .ptr;
        add("x-litellm-timeout",
            std::string_view(seconds, static_cast<std::size_t>(end - seconds)));
    }
    if (call.queued.count() > 0) add("x-patchbay-queue-ms", milliseconds(call.queued));
    if (!call.applied_guardrails.empty()) {
        add("x-litellm-applied-guardrails", call.applied_guardrails);
    }
    if (const std::string lost = call.lost(); !lost.empty()) {
        add("x-patchbay-dropped", lost);
    }
    if (!call.explained.empty()) add("x-patchbay-explain", call.explained);
    if (call.cache) {
        add("x-litellm-cache-key", call.cache->name());
        add("x-patchbay-cache", call.cache->told());
        if (const auto similarity = call.cache->similarity()) {
            char text[16];
            const int size = std::snprintf(text, sizeof text, "%.4f", double{*similarity});
            add("x-litellm-semantic-similarity", std::string_view(text, std::size_t(size)));
        }
    }
    if (!call.deployment) return;
    const Deployment& deployment = *call.deployment;
    add("x-litellm-model-id", deployment.id);
    const UsageAccount::Attempt& last = call.usage.last();
    // A name that a client has made up may hold what no header can.
    const bool named = last.deployment == call.deployment && !last.asked_as.empty() &&
                       http::is_field({"x", last.asked_as});
    add("x-litellm-model-group", named ? std::string_view(last.asked_as) : call.group);
    add("x-litellm-model-name", named ? last.model_name() : deployment.configured);
    if (!deployment.api_base_shown.empty()) {
        add("x-litellm-model-api-base", deployment.api_base_shown);
    }
    add("x-litellm-attempted-retries", static_cast<std::uint64_t>(call.retries));
    add("x-litellm-attempted-fallbacks", static_cast<std::uint64_t>(call.fallbacks));
    if (call.retries > 0) {
        add("x-litellm-max-retries", static_cast<std::uint64_t>(call.max_retries));
    }
    if (call.settled) describe_bill(call.bill, add);
    const auto total = call.settled ? call.took : Clock::now() - started;
    add("x-litellm-response-duration-ms", milliseconds(total));
    if (call.usage.last().deployment) {
        add("x-litellm-overhead-duration-ms", milliseconds(total - call.upstream_time()));
    }
}

ResponseHead Served::head(int status) const {
    ResponseHead head(status);
    describe([&](std::string_view name, const auto& value) { head.add(name, value); });
    if (call_ && call_->principal) {
        add_key_headers(head, *call_->principal, call()->upstream_headers.lines());
    } else if (call_) {
        head.add_lines(call()->upstream_headers.lines());
    }
    if (call_) add_capacity_headers(head, call()->capacity);
    server.cors.add(head, request);
    return head;
}

ResponseHead Served::page_head(int status, std::string_view content_type) const {
    ResponseHead head(status);
    head.add("content-type", content_type);
    head.add("x-litellm-version", PATCHBAY_VERSION);
    server.cors.add(head, request);
    return head;
}

std::vector<std::pair<std::string, std::string>> Served::headers() const {
    std::vector<std::pair<std::string, std::string>> list;
    describe([&](std::string_view name, const auto& value) {
        if constexpr (std::is_integral_v<std::decay_t<decltype(value)>>) {
            list.emplace_back(name, std::to_string(value));
        } else {
            list.emplace_back(name, value);
        }
    });
    return list;
}

void add_aws_headers(ResponseHead& head, const Surface& surface, std::string_view id) {
    if (surface.aws_error_type) head.add("x-amzn-requestid", id);
}

asio::awaitable<void> send_answer(Served& served, ResponseHead head, std::string_view body) {
    served.logged.status = head.status();
    const std::string text =
        std::move(head).with_length(body.size(), served.connection.keep_alive());
    if (served.request.method == boost::beast::http::verb::head) body = {};
    const std::array<asio::const_buffer, 2> parts{asio::const_buffer(text.data(), text.size()),
                                                  asio::const_buffer(body.data(), body.size())};
    const bool sent = co_await served.connection.send(parts);
    served.logged.complete = sent;
}

namespace {

std::string error_text(const Error& error, const Surface* surface, std::string_view request_id) {
    // As LiteLLM shows errors: `code` is the status as text, whatever the reason.
    Error shown = error;
    shown.code.clear();
    if (!surface) return error_json(shown);
    std::string text = surface->error(shown, request_id);
    // Who asked for an array gets one.
    if (surface->framing == Framing::json_array) text = "[" + text + "]";
    return text;
}

}  // namespace

ErrorAnswer error_answer(const Served& served, const Error& error, const Surface* surface) {
    ResponseHead head = served.head(surface ? surface->status(error) : error.status());
    add_error_headers(head, error);
    if (surface && surface->aws_error_type) {
        add_aws_headers(head, *surface, served.id);
        head.add("x-amzn-errortype", surface->aws_error_type(error));
    }
    head.add_if("allow", served.allow);
    return {std::move(head), error_text(error, surface, served.id)};
}

asio::awaitable<void> send_error(Served& served, const Error& error, const Surface* surface) {
    served.logged.reason = error.message;
    auto [head, body] = error_answer(served, error, surface);
    co_await send_answer(served, std::move(head), body);
}

asio::awaitable<void> refuse(Served& served, const Error& error) {
    count_request(served.server.engine, served.route, error.status(), error.exception_name(),
                  Served::Clock::now() - served.started);
    co_await send_error(served, error);
}

}  // namespace patchbay::gateway
