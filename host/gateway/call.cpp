#include "gateway/call.hpp"

#include <array>
#include <type_traits>

#include "engine/version.hpp"

namespace patchbay::gateway {

namespace {

constexpr std::size_t kMaxCallId = 128;

// A client's own call id is echoed if it is plain text.
bool plain(std::string_view id) {
    if (id.empty() || id.size() > kMaxCallId) return false;
    for (const char c : id) {
        if (c <= ' ' || c > '~') return false;
    }
    return true;
}

std::uint64_t milliseconds(std::chrono::nanoseconds d) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(d).count(), 0));
}

}  // namespace

Call::Call(World& w, Connection& c, Request& r, std::string_view route_name)
    : world(w), connection(c), request(r), route(route_name), snapshot(w.snapshot) {
    const std::string_view given = r.header("x-litellm-call-id");
    id = plain(given) ? std::string(given) : w.uuid();
}

template <class Add>
void Call::describe(Add add) const {
    add("x-litellm-call-id", id);
    add("x-request-id", id);
    add("x-litellm-version", PATCHBAY_VERSION);
    if (!applied_guardrails.empty()) add("x-litellm-applied-guardrails", applied_guardrails);
    if (!deployment) return;
    add("x-litellm-model-id", deployment->id);
    add("x-litellm-model-group", group);
    add("x-litellm-model-name", deployment->configured);
    if (!deployment->api_base_shown.empty()) {
        add("x-litellm-model-api-base", deployment->api_base_shown);
    }
    add("x-litellm-attempted-retries", static_cast<std::uint64_t>(retries));
    add("x-litellm-attempted-fallbacks", std::uint64_t{0});
    const auto now = Clock::now();
    const auto total = now - started;
    add("x-litellm-response-duration-ms", milliseconds(total));
    if (upstream_started != Clock::time_point{}) {
        const auto ended = upstream_ended != Clock::time_point{} ? upstream_ended : now;
        add("x-litellm-overhead-duration-ms", milliseconds(total - (ended - upstream_started)));
    }
}

ResponseHead Call::head(int status) const {
    ResponseHead head(status);
    describe([&](std::string_view name, const auto& value) { head.add(name, value); });
    head.add_lines(upstream_headers.lines());
    world.cors.add(head, request);
    return head;
}

ResponseHead Call::page_head(int status, std::string_view content_type) const {
    ResponseHead head(status);
    head.add("content-type", content_type);
    head.add("x-litellm-version", PATCHBAY_VERSION);
    world.cors.add(head, request);
    return head;
}

std::vector<std::pair<std::string, std::string>> Call::headers() const {
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

void Call::leave() {
    constexpr int kClientClosedRequest = 499;  // nginx's name and number for it
    usage.leave();
    if (!recorded_ && deployment) record(kClientClosedRequest, "ClientDisconnect");
    if (log) log->abandon(*this);
}

void Call::record(int status, std::string_view exception) {
    recorded_ = true;
    for (const UsageAccount::Attempt& attempt : usage.earlier()) {
        CallOutcome used;
        used.route = route;
        used.group = group;
        used.deployment = attempt.deployment->id;
        used.model = attempt.deployment->configured;
        used.usage = attempt.usage;
        world.metrics.record_tokens(used);
    }
    const auto now = Clock::now();
    CallOutcome outcome;
    outcome.route = route;
    outcome.group = group;
    outcome.status = status;
    outcome.exception = exception;
    outcome.usage = usage.last().usage;
    outcome.total = now - started;
    if (deployment) {
        outcome.deployment = deployment->id;
        outcome.model = deployment->configured;
    }
    if (upstream_started != Clock::time_point{}) {
        outcome.upstream =
            (upstream_ended != Clock::time_point{} ? upstream_ended : now) - upstream_started;
        if (first_token != Clock::time_point{}) outcome.first_token = first_token - started;
    }
    world.metrics.record(outcome);
    if (guard) {
        for (const auto& done : guard->information()) {
            world.metrics.record_guardrail(
                {done.guardrail_name, std::string(guard::mode_name(done.mode)),
                 std::string(done.status)},
                done.duration);
        }
    }
    world.metrics.set_upstream_connections(world.client.open_connections());
}

boost::asio::awaitable<void> send_answer(Call& call, ResponseHead head, std::string_view body) {
    call.logged.status = head.status();
    const std::string text = std::move(head).with_length(body.size(), call.connection.keep_alive());
    if (call.request.method == boost::beast::http::verb::head) body = {};
    const std::array<boost::asio::const_buffer, 2> parts{
        boost::asio::const_buffer(text.data(), text.size()),
        boost::asio::const_buffer(body.data(), body.size())};
    const bool sent = co_await call.connection.send(parts);
    call.logged.complete = sent;
}

boost::asio::awaitable<void> send_error(Call& call, const Error& error) {
    call.logged.reason = error.message;
    // LiteLLM's `code` is the status as text, whatever the reason.
    Error shown = error;
    shown.code.clear();
    const std::string body = error_json(shown);
    ResponseHead head = call.head(error.status());
    head.add("content-type", "application/json");
    if (error.retry_after) {
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(*error.retry_after).count();
        head.add("retry-after", static_cast<std::uint64_t>(std::max<std::int64_t>(seconds, 0)));
    }
    head.add_if("allow", call.allow);
    if (error.status() == 401) head.add("www-authenticate", "Bearer");
    if (error.status() == 426) head.add("upgrade", "websocket").add("sec-websocket-version", "13");
    call.record(error.status(), error.exception_name());
    if (call.log) co_await call.log->finish(call, &error);
    co_await send_answer(call, std::move(head), body);
}

}  // namespace patchbay::gateway
