#include "gateway/realtime.hpp"

#include "gateway/attempt_outcome.hpp"
#include "gateway/call_guard.hpp"
#include "gateway/call_line.hpp"
#include "gateway/client_headers.hpp"
#include "gateway/realtime_query.hpp"
#include "gateway/realtime_session.hpp"
#include "gateway/subprotocols.hpp"

namespace patchbay::gateway {

namespace asio = boost::asio;

namespace {

/// Of a session only the usage passes here: frames go from socket to socket.
class UsageSink final : public Sink {
  public:
    explicit UsageSink(UsageAccount& account) : account_(account) {}
    void result(std::string_view, const AnswerScan&) override {}
    void chunk(std::string_view, const AnswerScan&) override {}
    void usage(const Usage& usage) override { account_.report(usage); }
    asio::awaitable<bool> flush() override { co_return true; }
    bool dirty() const override { return false; }

  private:
    UsageAccount& account_;
};

/// What the plugin may see of the client's handshake.
ClientHeaders headers_of(const Call& call) {
    const Request& request = call.request;
    ClientHeaders headers(request, HeadersFor::realtime,
                          call.snapshot->config.general.forward_client_headers);
    const OfferedProtocols offered = offered_protocols(request);
    if (request.header("openai-beta").empty()) headers.add("openai-beta", offered.beta());
    headers.add("sec-websocket-protocol", offered.chosen());
    return headers;
}

asio::awaitable<std::optional<Error>> run_attempt(Call& call, const ChatRequest& chat,
                                                  const ModelRoute& route, Sink& sink,
                                                  RealtimeSession& session) {
    const ClientHeaders headers = headers_of(call);
    Attempt attempt(chat, route, *call.deployment, AttemptBody::as_sent);
    ExchangeRequest& request = attempt.request();
    request.operation = "realtime";
    request.request_id = call.id;
    request.traceparent = call.request.header("traceparent");
    request.attempt = static_cast<std::uint32_t>(call.retries + 1);
    request.headers = headers.list();
    request.client = &session;
    // A session lasts as long as it is used; the timeout is for the upstream to open its side.
    request.timeouts.first_byte = request.timeouts.total;
    request.timeouts.total = std::chrono::milliseconds(0);
    begin_attempt_log(call, request);
    call.upstream_started = Call::Clock::now();
    call.upstream_ended = {};
    call.usage.begin(*call.deployment, {});
    const ExchangeContext context{call.world.loop, call.world.client};
    auto failed =
        co_await run_exchange(context, call.deployment->instance, attempt.request(), sink);
    call.usage.end(failed ? &*failed : nullptr);
    call.upstream_ended = Call::Clock::now();
    co_return failed;
}

std::optional<Error> check_handshake(const Call& call) {
    constexpr int kUpgradeRequired = 426;
    if (const std::string problem = http::handshake_problem(call.request.head); !problem.empty()) {
        Error error = bad_request(problem);
        error.http_status = kUpgradeRequired;
        return error;
    }
    if (call.request.body().empty() && !call.world.admission.draining()) return std::nullopt;
    if (!call.request.body().empty()) return bad_request("A WebSocket handshake has no body.");
    Error error;
    error.cls = ErrorClass::overloaded;
    error.http_status = 503;
    error.message = "The gateway is shutting down.";
    return error;
}

// Guardrails look at whole requests and answers; what they would have to look at here goes by as
// frames. Rather no session than one that passes them by.
std::optional<Error> check_guardrails(Call& call, const ChatRequest& chat,
                                      const ModelGroup& group) {
    if (auto refused = set_guard(call, chat, group)) return refused;
    if (!call.guard || !call.guard->has(kPreCall | kDuringCall | kPostCall)) return std::nullopt;
    return bad_request("Guardrails that apply to this model cannot look at realtime sessions: " +
                       call.applied_guardrails + ".");
}

asio::awaitable<void> end_with_error(Call& call, RealtimeSession& session, const Error& error) {
    if (!session.accepted()) co_return co_await send_error(call, error);
    call.logged.status = error.status();
    call.logged.reason = error.message;
    call.logged.complete = true;
    call.record(error.status(), error.exception_name());
    if (call.log) co_await call.log->finish(call, &error);
    co_await session.end_with_error(error);
}

}  // namespace

asio::awaitable<void> handle_realtime(Call& call, const Match& match) {
    call.call_type = "_arealtime";
    RealtimeQuery query;
    const LeaveWhenLeft leave(call);
    std::optional<Error> refused = check_handshake(call);
    if (!refused) refused = query.read(call.request.query);
    if (refused) {
        co_await send_error(call, *refused);
        co_return;
    }
    const ChatRequest& chat = query.chat;
    constexpr std::size_t kMaxModelName = 1024;
    if (chat.model.size() > kMaxModelName) {
        co_await send_error(call, bad_request("The model name is too long.", "model"));
        co_return;
    }
    call.logged.model = chat.model;
    call.log = CallLog::make(call, chat);
    const auto route = resolve_model(*call.snapshot, chat.model, match.name);
    if (!route) {
        co_await send_error(call, route.error());
        co_return;
    }
    if ((refused = wrong_use(*route, ModelUse::realtime, chat.model, match.name))) {
        co_await send_error(call, *refused);
        co_return;
    }
    const ModelGroup& group = *route->group;
    call.group = group.name;
    if ((refused = check_guardrails(call, chat, group))) {
        co_await send_error(call, *refused);
        co_return;
    }

    RealtimeSession session(call);
    UsageSink sink(call.usage);
    std::vector<const Deployment*> tried;
    for (;;) {
        const Deployment& chosen = pick_deployment(group, tried, call.world.uniform());
        call.deployment = chosen.trial ? &chosen.version_for(call.world.uniform()) : &chosen;
        auto failed = co_await run_attempt(call, chat, *route, sink, session);
        if (!failed && !session.accepted()) {
            failed = plugin_fault(*call.deployment->instance.instance,
                                  "ended a realtime session without its client");
        }
        count_for_trial(chosen, *call.deployment, chat.options, failed);
        if (!failed) {
            call.logged.complete = true;
            call.record(200, {});
            if (call.log) co_await call.log->finish(call, nullptr);
            co_return;
        }
        const auto final = co_await prepare_retry(call, chat, group, chosen, tried,
                                                  std::move(*failed), session.accepted());
        if (final) {
            co_await end_with_error(call, session, *final);
            co_return;
        }
    }
}

}  // namespace patchbay::gateway
