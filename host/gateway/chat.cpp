#include "gateway/chat.hpp"

#include <algorithm>
#include <charconv>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/json/serialize.hpp>

#include "gateway/attempt.hpp"
#include "gateway/attempt_outcome.hpp"
#include "gateway/call_guard.hpp"
#include "gateway/call_line.hpp"
#include "gateway/chat_sink.hpp"
#include "gateway/client_headers.hpp"
#include "gateway/guarded_sink.hpp"
#include "gateway/metered_sink.hpp"

namespace patchbay::gateway {

namespace asio = boost::asio;

namespace {

// Azure's and the old engines' paths name the model, so the body need not.
std::string with_model(std::string_view body, std::string_view model) {
    const std::size_t brace = body.find('{');
    std::string text(body.substr(0, brace + 1));
    text += "\"model\":" + boost::json::serialize(boost::json::string(model));
    const std::string_view rest = body.substr(brace + 1);
    const std::size_t next = rest.find_first_not_of(" \t\r\n");
    if (next != std::string_view::npos && rest[next] != '}') text += ',';
    text += rest;
    return text;
}

// LiteLLM's headers that say what the body could say too.
std::optional<Error> read_header_options(const Request& request, RequestOptions& options) {
    const auto number = [&](std::string_view name) -> std::optional<double> {
        const std::string_view text = request.header(name);
        double value = 0;
        const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (ec != std::errc() || end != text.data() + text.size() || !(value >= 0) || value > 1e7) {
            return std::nullopt;
        }
        return value;
    };
    for (const std::string_view name :
         {"x-litellm-timeout", "x-litellm-stream-timeout", "x-litellm-num-retries"}) {
        if (request.header(name).empty()) continue;
        const auto value = number(name);
        if (!value)
            return bad_request("Invalid value for header '" + std::string(name) + "'.",
                               std::string(name));
        const std::chrono::milliseconds duration(static_cast<std::int64_t>(*value * 1000));
        if (name == "x-litellm-timeout") {
            if (!options.timeout) options.timeout = duration;
        } else if (name == "x-litellm-stream-timeout") {
            if (!options.stream_timeout) options.stream_timeout = duration;
        } else if (!options.num_retries) {
            options.num_retries = static_cast<int>(std::min(*value, 100.0));
        }
    }
    return std::nullopt;
}

struct Read {
    ChatRequest chat;
    std::string rewritten;  ///< the body, if it is not the client's own; chat points into it
};

// Takes another body in place of the one that was read.
std::optional<Error> rewrite(Read& read, std::string body) {
    read.rewritten = std::move(body);
    auto scan = scan_chat_request(read.rewritten);
    if (!scan) return scan.error();
    read.chat.body = read.rewritten;
    read.chat.scan = std::move(*scan);
    return std::nullopt;
}

std::optional<Error> read_chat(Call& call, const Match& match, Read& read) {
    ChatRequest& chat = read.chat;
    chat.body = call.request.body();
    auto scan = scan_chat_request(chat.body);
    if (!scan && !match.model.empty() && scan.error().param == "model" &&
        scan.error().code == "missing_required_parameter") {
        read.rewritten = with_model(chat.body, match.model);
        chat.body = read.rewritten;
        scan = scan_chat_request(chat.body);
    }
    if (!scan) return scan.error();
    chat.scan = std::move(*scan);
    auto options = read_request_options({chat.scan.members.data(), chat.scan.members.size()});
    if (!options) return options.error();
    chat.options = std::move(*options);
    chat.model = match.model.empty() ? std::string(chat.scan.model()) : match.model;
    return read_header_options(call.request, chat.options);
}

asio::awaitable<std::optional<Error>> run_attempt(Call& call, const ChatRequest& chat,
                                                  const ModelRoute& route, int number, Sink& sink) {
    Attempt attempt(chat, route, *call.deployment);
    attempt.request().request_id = call.id;
    attempt.request().traceparent = call.request.header("traceparent");
    attempt.request().attempt = static_cast<std::uint32_t>(number);
    const ClientHeaders headers(call.request, HeadersFor::chat,
                                call.snapshot->config.general.forward_client_headers);
    attempt.request().headers = headers.list();
    attempt.request().stopped_by_guardrail = &call.stopped_by_guardrail;
    begin_attempt_log(call, attempt.request());
    call.upstream_headers.clear();
    call.upstream_started = Call::Clock::now();
    call.upstream_ended = {};
    call.usage.begin(*call.deployment, chat.scan.messages);
    MeteredSink metered(call.usage, sink);
    const ExchangeContext context{call.world.loop, call.world.client};
    auto failed =
        co_await run_exchange(context, call.deployment->instance, attempt.request(), metered);
    call.usage.end(failed ? &*failed : nullptr);
    call.upstream_ended = Call::Clock::now();
    if (!failed) log_attempt(call);
    co_return failed;
}

asio::awaitable<void> stop_when_blocked(Call& call, guard::CallGuard& guard) {
    co_await guard.during_blocks();
    call.stopped_by_guardrail = true;
}

// The same, left as soon as a during_call guardrail blocks.
asio::awaitable<std::optional<Error>> run_guarded_attempt(Call& call, const ChatRequest& chat,
                                                          const ModelRoute& route, int number,
                                                          Sink& sink, guard::CallGuard& guard) {
    using namespace asio::experimental::awaitable_operators;
    if (!guard.during_pending()) {
        co_return co_await run_attempt(call, chat, route, number, sink);
    }
    auto first =
        co_await (run_attempt(call, chat, route, number, sink) || stop_when_blocked(call, guard));
    if (auto* failed = std::get_if<0>(&first)) co_return std::move(*failed);
    co_return co_await guard.during();
}

// Sends the error a call ends with: as an answer, or as the last event of a stream that has begun.
asio::awaitable<void> end_with_error(Call& call, ChatSink& sink, const Error& error) {
    if (!sink.started()) co_return co_await send_error(call, error);
    call.logged.status = error.status();
    call.logged.reason = error.message;
    call.record(error.status(), error.exception_name());
    if (call.log) co_await call.log->finish(call, &error);
    co_await sink.finish_with_error(error_json(error));
}

}  // namespace

asio::awaitable<void> handle_chat(Call& call, const Match& match) {
    Read read;
    const LeaveWhenLeft leave(call);
    if (const auto refused = read_chat(call, match, read)) {
        co_await send_error(call, *refused);
        co_return;
    }
    const ChatRequest& chat = read.chat;
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
    if (const auto refused = wrong_use(*route, ModelUse::chat, chat.model, match.name)) {
        co_await send_error(call, *refused);
        co_return;
    }
    const ModelGroup& group = *route->group;
    call.group = group.name;

    ChatSink sink(call, chat.model, chat.scan.stream, chat.scan.include_usage);
    std::optional<GuardedSink> guarded;
    if (const auto refused = set_guard(call, chat, group)) {
        co_await send_error(call, *refused);
        co_return;
    }
    if (call.guard) {
        std::string changed;
        auto stopped = co_await call.guard->pre_call(chat.body, changed);
        if (!stopped && !changed.empty()) stopped = rewrite(read, std::move(changed));
        if (stopped) {
            clean(*stopped, call.snapshot->secrets);
            co_await send_error(call, *stopped);
            co_return;
        }
        if (call.guard->has(kDuringCall)) call.guard->start_during(chat.body);
        guarded.emplace(sink, *call.guard, chat.body, chat.scan.stream, call.stopped_by_guardrail);
    }

    std::vector<const Deployment*> tried;
    for (;;) {
        const Deployment& chosen = pick_deployment(group, tried, call.world.uniform());
        call.deployment = chosen.trial ? &chosen.version_for(call.world.uniform()) : &chosen;
        if (chat.options.mocked && !call.deployment->simulated) {
            co_await send_error(
                call, bad_request("mock_* parameters are honoured by simulated models only.",
                                  "mock_response"));
            co_return;
        }
        std::optional<Error> failed;
        if (guarded) {
            failed = co_await run_guarded_attempt(call, chat, *route, call.retries + 1, *guarded,
                                                  *call.guard);
        } else {
            failed = co_await run_attempt(call, chat, *route, call.retries + 1, sink);
        }
        if (!guarded || !guarded->stopped()) {
            count_for_trial(chosen, *call.deployment, chat.options, failed);
        }
        if (!failed && guarded) {
            co_await guarded->finish();
        } else if (!failed) {
            co_await sink.finish();
        }
        if (auto stopped = guarded ? guarded->stopped() : std::nullopt) {
            clean(*stopped, call.snapshot->secrets);
            co_await end_with_error(call, sink, *stopped);
            co_return;
        }
        if (!failed) {
            call.record(200, {});
            co_return;
        }
        const auto final = co_await prepare_retry(call, chat, group, chosen, tried,
                                                  std::move(*failed), sink.started());
        if (final) {
            co_await end_with_error(call, sink, *final);
            co_return;
        }
        if (guarded) {
            guarded->reset();
        } else {
            sink.reset();
        }
    }
}

}  // namespace patchbay::gateway
