#include "engine/exchange/exchange.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>

#include "contract/actions/form_part.hpp"
#include "engine/exchange/run.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay {

using bay::str;

Error plugin_fault(const Instance& instance, std::string_view what) {
    instance.stats().last_fault.set(what);
    Error error;
    error.cls = ErrorClass::upstream;
    error.http_status = 500;
    error.message =
        "Plugin component '" + instance.stats().component + "' " + std::string(what) + ".";
    return error;
}

Error too_large(const Instance& instance, std::string_view what, std::uint64_t bytes) {
    Error error =
        bad_request("The request is too large for plugin component '" + instance.stats().component +
                    "', which " + std::string(what) + " (" + std::to_string(bytes) + " bytes).");
    error.http_status = 413;
    error.retry = RetryHint::never;
    return error;
}

Error answer_too_large(std::uint64_t bytes, std::uint64_t max_answer) {
    const auto megabytes = [](std::uint64_t size) {
        constexpr double kMegabyte = 1u << 20;
        std::array<char, 32> text{};
        const auto told = std::to_chars(text.data(), text.data() + text.size(),
                                        static_cast<double>(size) / kMegabyte);
        return std::string(text.data(), told.ptr);
    };
    Error error = bad_request("Response size is too large. Response size is " + megabytes(bytes) +
                                  " MB. Max size is " + megabytes(max_answer) + " MB",
                              "content-length");
    error.type = "bad_request_error";
    error.retry = RetryHint::never;
    return error;
}

Error resting(const Instance& instance) {
    const ComponentStats& stats = instance.stats();
    Error error;
    error.cls = ErrorClass::overloaded;
    error.http_status = 503;
    error.retry = RetryHint::other;
    error.retry_after = stats.breaker.rest(Breaker::Clock::now());
    error.message = "Plugin component '" + stats.component +
                    "' is out of routing for a while, after repeated faults.";
    return error;
}

namespace {

bool open(Run& run, const ExchangeRequest& request) {
    bay_open_info info{};
    info.size = sizeof info;
    info.request_id = str(request.request_id);
    info.traceparent = str(request.traceparent);
    info.attempt = request.attempt;
    info.budget_ms = static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(request.timeouts.total.count(), 0, UINT32_MAX));
    return run.open(info);
}

bay_target target_of(const ExchangeRequest& request) {
    bay_target target{};
    target.size = sizeof target;
    target.model = str(request.model);
    target.base_url = str(request.base_url);
    target.api_key = str(request.api_key);
    target.params = str(request.params);
    return target;
}

// A coroutine of its own, so that what the event needs does not last as long as the exchange.
boost::asio::awaitable<void> deliver_request(Run& run, const ExchangeRequest& request,
                                             const bay_target& target) {
    bay_ev_request event{};
    event.h = {sizeof event, BAY_EV_REQUEST};
    event.flags = request.flags;
    event.operation = str(request.operation);
    if (request.parts.empty()) event.json = str(request.body);
    event.target = &target;
    event.model_off = request.model_off;
    event.model_len = request.model_len;
    std::vector<bay_part> parts;
    parts.reserve(request.parts.size());
    for (const http::FormPart& part : request.parts) {
        parts.push_back(to_part(part, parts.size() + 1));
        run.recorder().add_part(part.data);
    }
    event.parts = parts.data();
    event.part_count = parts.size();
    event.members = request.members.data();
    event.member_count = request.members.size();
    event.allowed_params = str(request.allowed_params);
    event.hint_params = str(request.hint_params);
    event.headers = request.headers.data();
    event.header_count = request.headers.size();
    event.ids = request.ids.data();
    event.id_count = request.ids.size();
    event.query = request.query.data();
    event.query_count = request.query.size();
    event.content_type = str(request.content_type);
    co_await run.deliver(event.h);
}

Error too_late(const ExchangeRequest& request) {
    Error error;
    error.cls = ErrorClass::timeout;
    error.message = "The provider did not answer within " +
                    std::to_string(request.timeouts.total.count()) + " ms.";
    return error;
}

Error client_gone() {
    Error error;
    error.cls = ErrorClass::unknown;
    error.http_status = 499;
    error.retry = RetryHint::never;
    error.message = "The client closed the connection.";
    return error;
}

// How it ended.
Failed end_of(Run& run, const ExchangeRequest& request) {
    if (run.fault()) return std::move(run.fault());
    if (run.expired()) return too_late(request);
    if (run.gone()) return client_gone();
    return std::move(run.recorder().error());
}

}  // namespace

boost::asio::awaitable<Failed> run_exchange(ExchangeContext context,
                                            const ComponentInstance& provider,
                                            const ExchangeRequest& request, Sink& sink,
                                            std::vector<Note>* notes) {
    const bool stream = (request.flags & BAY_REQ_STREAM) != 0;
    const Role role = request.client != nullptr ? Role::realtime : Role::provider;
    auto run = std::make_shared<Run>(context, provider, role, &sink, request.body, stream,
                                     request.timeouts, request.verify_tls, request.request_id,
                                     request.base_url, *request.shape);
    const EndGuard guard(*run, request.stopped_by_guardrail);
    if (request.client != nullptr) run->set_client(*request.client);
    if (!open(*run, request)) co_return std::move(run->fault());
    const bay_target target = target_of(request);
    run->set_target(target);
    run->set_max_answer(request.max_answer);
    co_await deliver_request(*run, request, target);
    co_await run->drive();
    if (run->has_sockets()) co_await run->finish_sockets();
    if (notes) *notes = std::move(run->recorder().notes());
    co_return end_of(*run, request);
}

}  // namespace patchbay
