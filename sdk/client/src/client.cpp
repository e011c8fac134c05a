#include "client.hpp"

#include <exception>
#include <utility>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "about.hpp"
#include "engine/cache/redis_cache.hpp"
#include "engine/call/run_call.hpp"
#include "engine/exchange/detached_calls.hpp"
#include "engine/state_directory.hpp"
#include "local_answer.hpp"

namespace patchbay::client {

namespace asio = boost::asio;

namespace {

// How long to wait, at the end, for calls that plugins made to cancel what was cut off.
constexpr std::chrono::milliseconds kStopTime{2000};

void deliver_failure(CallState& state, const Error& error) {
    std::vector<Event> events(1);
    events[0].type = BAY_CALL_FAILED;
    events[0].data = failure_json(error);
    state.deliver(events, true);
}

// What a call that is left has for its end.
Error cancelled_error() {
    Error error;
    error.http_status = 499;
    error.message = "The call was cancelled.";
    return error;
}

// Why the coroutine of a call was left.
Error error_of(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const boost::system::system_error& left) {
        if (left.code() == asio::error::operation_aborted) return cancelled_error();
        Error error;
        error.message = left.what();
        return error;
    } catch (const std::exception& fault) {
        Error error;
        error.message = fault.what();
        return error;
    }
}

asio::awaitable<void> run(Engine& engine, std::shared_ptr<NewCall> asked) {
    const Caller caller{.id = asked->id};
    engine.snapshot = asked->world;
    Call call(engine, *asked->surface, caller, call_id(engine, caller));
    engine.snapshot = nullptr;
    LocalAnswer answer(call, *asked->state);
    const AskParts parts{.body = asked->parts.body,
                         .query = {},
                         .path_model = asked->path_model,
                         .caller = caller,
                         .kept = ClientResponses(engine.kept, {})};
    co_await run_call(call, parts, answer);
}

}  // namespace

Client::Client(std::unique_ptr<Worlds> worlds, std::vector<Problem>& problems)
    : worlds_(std::move(worlds)),
      http_(Loop{io_, deadlines_, blocking_}, http::client_options_from_environment()),
      engine_{.loop = {io_, deadlines_, blocking_},
              .client = http_,
              .random = seeded_random(),
              .kept = &kept_,
              .own_calls = true,
              .ad_hoc = worlds_->ad_hoc()},
      work_(asio::make_work_guard(io_)) {
    start_cache(problems);
    start_logs(problems);
    thread_ = std::thread([this] { io_.run(); });
    quiet_.reset();
}

Client::~Client() {
    close();
}

void Client::start_cache(std::vector<Problem>& problems) {
    const auto& settings = worlds_->base()->config.litellm.cache;
    if (!settings) return;
    // The file would need a database, which a library that programs carry along does without.
    if (settings->type == CacheType::disk) {
        problems.push_back({Problem::Severity::warning, settings->place,
                            "the response cache is left out: on disk it is the gateway's alone",
                            true});
        return;
    }
    const bool shared = settings->type == CacheType::redis;
    cache_.emplace(*settings, shared ? redis_cache(settings->redis) : nullptr);
    engine_.cache = &*cache_;
}

void Client::start_logs(std::vector<Problem>& problems) {
    const auto& world = worlds_->base();
    if (world->log_sinks.empty()) return;
    const std::filesystem::path directory = state_directory() / "log";
    auto logs = std::make_unique<LogService>(LogServiceOptions{
        .directory = directory, .client = http::client_options_from_environment()});
    if (!logs->use(world)) {
        problems.push_back({Problem::Severity::warning, world->log_sinks.front()->config.place,
                            "log sinks get no records: " + directory.string() + " cannot be used",
                            true});
        return;
    }
    logs_ = std::move(logs);
    engine_.logs = logs_.get();
}

void Client::close() {
    if (closing_.exchange(true)) return;
    asio::post(io_, [this] {
        stopping_ = true;
        asio::use_service<DetachedCalls>(io_).begin_shutdown();
        stop_timer_.expires_after(kStopTime);
        stop_timer_.async_wait([this](boost::system::error_code) { io_.stop(); });
        for (const auto& state : std::set(running_)) {
            state->cancelled.emit(asio::cancellation_type::terminal);
        }
        stop_when_left();
    });
    thread_.join();
    blocking_.join();
    // What was cut off unwinds in several steps, each made ready by the one before.
    io_.restart();
    while (io_.poll() > 0) {
    }
    for (const auto& state : std::exchange(running_, {}))
        deliver_failure(*state, cancelled_error());
    if (cache_) cache_->stop();
    if (logs_) logs_->stop();
}

// Plugins may have asked for calls that outlive what was cut off; pooled connections wait for ever.
void Client::stop_when_left() {
    if (!stopping_ || !running_.empty()) return;
    asio::use_service<DetachedCalls>(io_).when_idle([this] { io_.stop(); });
}

bool Client::start(const CallOperation& operation, std::string_view request, std::string_view id,
                   const std::shared_ptr<CallState>& state) {
    if (closing_) return false;
    auto call = std::make_shared<NewCall>();
    call->state = state;
    call->request = request;
    call->id = id;
    take_apart(call->request, operation, worlds_->ad_hoc(), call->parts);
    call->surface = call->parts.stream && operation.streamed ? operation.streamed : operation.whole;
    if (operation.model_in_path) call->path_model = call->parts.model;
    auto world = worlds_->world_for(call->parts);
    if (!world) {
        asio::post(io_, [state, error = world.error()] { deliver_failure(*state, error); });
        return true;
    }
    call->world = std::move(*world);
    call->parts.forget_deployment();
    // A stream may be open for long, and what it asks be large: once is enough.
    if (!call->parts.own.empty()) std::string().swap(call->request);
    asio::post(io_, [this, call = std::move(call)]() mutable { begin(std::move(call)); });
    return true;
}

void Client::begin(std::shared_ptr<NewCall> call) {
    auto state = call->state;
    if (stopping_ || state->cancel_asked) return deliver_failure(*state, cancelled_error());
    running_.insert(state);
    asio::co_spawn(io_, run(engine_, std::move(call)),
                   asio::bind_cancellation_slot(state->cancelled.slot(),
                                                [this, state](std::exception_ptr failure) {
                                                    if (failure)
                                                        deliver_failure(*state, error_of(failure));
                                                    running_.erase(state);
                                                    stop_when_left();
                                                }));
}

void Client::cancel(const std::shared_ptr<CallState>& state) {
    state->cancel_asked = true;
    asio::post(io_, [this, state] {
        if (running_.contains(state)) state->cancelled.emit(asio::cancellation_type::terminal);
    });
}

}  // namespace patchbay::client
