#include "engine/exchange/run.hpp"

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include "contract/actions/status_name.hpp"
#include "engine/coarse_clock.hpp"
#include "engine/exchange/upstream_call.hpp"
#include "engine/isolation/action_codec.hpp"
#include "engine/isolation/child_service.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay {

namespace asio = boost::asio;
using bay::str;

Run::Run(ExchangeContext context, ComponentInstance component, Role role, Sink* sink,
         std::string_view blob, bool stream, http::Timeouts timeouts, bool verify_tls,
         std::string_view request_id, std::string_view base_url, const Shape& shape)
    : context_(context),
      component_(std::move(component)),
      sink_(sink),
      shape_(shape),
      timeouts_(timeouts),
      verify_tls_(verify_tls),
      stream_(stream),
      request_id_(request_id),
      kept_base_url_(role == Role::refresh ? base_url : std::string_view()),
      base_url_(role == Role::refresh ? std::string_view(kept_base_url_) : base_url),
      role_(role),
      started_(std::chrono::steady_clock::now()),
      recorder_(role, sink, blob, stream, shape) {
    recorder_.limit_egress(component_.instance->egress(), base_url_);
}

bool Run::open(const bay_open_info& info) {
    // A refresh belongs to an exchange that was let through.
    if (role_ != Role::refresh) {
        pass_ = component_.instance->stats().breaker.admit(started_);
        if (pass_ == Breaker::Pass::refused) {
            fault_ = resting(*component_.instance);
            return false;
        }
    }
    if (Home* home = component_.instance->home()) {
        auto& isolated = static_cast<isolation::IsolatedPlugin&>(*home);  // there are no others
        auto& children = asio::use_service<isolation::ChildService>(context_.loop.io);
        remote_ = children.child(isolated, context_.loop)
                      .open(*component_.instance, role_,
                            {stream_, sink_ && sink_->takes_bytes(), shape_.named_events},
                            base_url_, info);
        if (!remote_) {
            fault_ = plugin_fault(*component_.instance, "is being restarted after a crash");
            fault_->http_status = 503;
            return false;
        }
        remote_->when_lost([self = weak_from_this()](bool culprit) {
            if (const auto run = self.lock()) run->lost(culprit);
        });
        return true;
    }
    auto opened = Machine::open(*component_.instance, info);
    if (!opened) {
        counted_ = true;
        fault_ = plugin_fault(*component_.instance, "could not open an exchange");
        return false;
    }
    machine_.emplace(std::move(*opened));
    return true;
}

bool Run::feed(const bay_event& event, std::uint32_t call, bool live) {
    if (over()) return false;
    workload_.add(event);
    begin_event(event, call, live);
    return fed(event, machine_->feed(event, recorder_.out()));
}

bool Run::fed(const bay_event& event, bay_status status) {
    take_denied();
    judge(status, event.type);
    for (const Recorder::SharedDrop& drop : std::exchange(recorder_.shared_drops(), {})) {
        component_.shared->drop(drop.key, drop.value);
    }
    take_aborts();
    start_detached();
    if (recorder_.settled()) wake();
    if (!over()) return true;
    wake();
    return false;
}

void Run::take_denied() {
    auto& denied = recorder_.denied();
    if (denied.empty()) return;
    for (const std::string& origin : denied) component_.instance->denied(origin);
    denied_ = denied.back();
    denied.clear();
}

std::chrono::nanoseconds Run::budget() const {
    const ComponentStats& stats = component_.instance->stats();
    return workload_.budget(
        std::chrono::nanoseconds(stats.feed_budget_ns.load(std::memory_order_relaxed)));
}

void Run::judge(bay_status status, std::uint32_t event) {
    // Only what took long is compared with the budget; a remote machine is watched by its child.
    const bool slow = machine_ && machine_->took() > kSlowFeed && machine_->took() > budget();
    if (status == BAY_OK && recorder_.exceeded() == nullptr && !slow) return;
    const std::string about = " for event " + std::to_string(event);
    if (recorder_.exceeded() != nullptr) {
        blame("went over the limit of " + std::string(recorder_.exceeded()) + about);
    } else if (status != BAY_OK && !denied_.empty()) {
        blame("may not call " + denied_ + ", which is not on its egress list, and gave up");
    } else if (status != BAY_OK) {
        blame("returned status " + std::to_string(status) + about + std::string(named(status)));
    } else {
        const auto ms = std::chrono::ceil<std::chrono::milliseconds>(machine_->took());
        blame("took " + std::to_string(ms.count()) + " ms" + about + ", more than its time budget");
    }
}

void Run::blame(const std::string& what) {
    const Instance& instance = *component_.instance;
    if (workload_.large_request()) {
        too_large_ = true;
        fault_ = too_large(instance, what, workload_.bytes());
        return;
    }
    counted_ = !workload_.large();
    if (counted_) count_fault(instance);
    fault_ = plugin_fault(instance, what);
}

void Run::end_probe() {
    if (pass_ != Breaker::Pass::probe) return;
    pass_ = Breaker::Pass::normal;
    const ComponentStats& stats = component_.instance->stats();
    if (counted_) {
        stats.breaker.probe_bad(Breaker::Clock::now());
    } else if (!fault_ && (recorder_.finished() || recorder_.verdict())) {
        stats.breaker.probe_good();
        spdlog::info("plugin component '{}' is in routing again", stats.component);
    } else {
        stats.breaker.probe_void();
    }
}

asio::awaitable<void> Run::deliver(const bay_event& event, std::uint32_t call, bool live) {
    if (remote_) {
        co_await deliver_remote(event, call, live);
    } else {
        feed(event, call, live);
    }
}

asio::awaitable<void> Run::deliver_remote(const bay_event& event, std::uint32_t call, bool live) {
    const auto machine = remote_;
    co_await machine->take_turn();
    if (over()) co_return;
    workload_.add(event);
    isolation::RemoteMachine::Fed answer;
    const std::size_t under_way = pending_.size();
    co_await machine->feed(event,
                           {.call = call,
                            .live = live,
                            .idle = question_idle_,
                            .pending = static_cast<std::uint32_t>(under_way),
                            .body_size = recorder_.body_size(),
                            .budget = budget(),
                            .large = workload_.large()},
                           answer);
    if (over()) co_return;
    if (answer.lost) {
        lost(false);
        co_return;
    }
    if (!answer.opened) {
        blame("could not open an exchange");
        wake();
        co_return;
    }
    begin_event(event, call, live);
    isolation::Reader actions(answer.actions);
    bay_status status = answer.status;
    if (!isolation::replay_actions(actions, recorder_.out()) && status == BAY_OK) {
        status = BAY_E_INTERNAL;
    }
    fed(event, status);
}

void Run::lost(bool culprit) {
    if (over()) {
        if (culprit && !workload_.large()) count_fault(*component_.instance);
        return;
    }
    if (culprit) {
        blame("crashed in its own process");
    } else {
        fault_ = plugin_fault(*component_.instance, "crashed in its own process");
    }
    wake();
}

void Run::ask(const Question& question) {
    started_ = coarse_now();
    question_idle_ = pending_.empty();
    recorder_.ask(question, question_idle_);
}

asio::awaitable<void> Run::drive() {
    asio::steady_timer woken(context_.loop.io, asio::steady_timer::time_point::max());
    woken_ = &woken;
    std::exception_ptr left;
    try {
        co_await drive_on(woken);
    } catch (...) {
        left = std::current_exception();
    }
    // A coroutine beside this one may still be sending: the sink is the caller's only after that, also
    // when the exchange is left, for what is being sent is the caller's, too.
    if (flushing_) {
        leaving_ = true;
        const bool throws = co_await asio::this_coro::throw_if_cancelled();
        co_await asio::this_coro::throw_if_cancelled(false);
        while (flushing_) {
            // Who is left meanwhile is left by what is being sent, too: nobody may ever take it.
            const auto state = co_await asio::this_coro::cancellation_state;
            if (left || state.cancelled() != asio::cancellation_type::none) cancel_pending();
            co_await woken.async_wait(asio::as_tuple(asio::use_awaitable));
        }
        co_await asio::this_coro::throw_if_cancelled(throws);
    }
    woken_ = nullptr;
    if (left) std::rethrow_exception(left);
    if (!fault_) co_await flush_if_dirty();
}

asio::awaitable<void> Run::drive_on(asio::steady_timer& woken) {
    start_pending();
    while (!over() && !recorder_.settled()) {
        co_await flush_if_dirty();
        if (over() || recorder_.settled()) break;
        if (pending_.empty() && sockets_.all_ended()) break;
        if (pending_.empty()) {
            blame(denied_.empty() ? "stalled: nothing is pending"
                                  : "stalled: it may not call " + denied_ +
                                        ", which is not on its egress list");
            break;
        }
        co_await woken.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

void Run::cancel_pending() {
    for (Pending& pending : pending_) pending.cancel.emit(asio::cancellation_type::terminal);
}

void Run::wake() {
    if (woken_) woken_->cancel();
}

void Run::end(std::uint32_t reason) {
    if (ended_) return;
    const bool tell = recorder_.wants_cancel() && recorder_.owing() && !fault_;
    ended_ = true;
    woken_ = nullptr;
    target_ = nullptr;
    end_probe();
    if (tell) tell_cancelled(expired_ ? kDeadline : reason);
    cancel_pending();
    sockets_.abort();
    machine_.reset();
    if (remote_) remote_->close();
}

asio::awaitable<void> Run::flush_if_dirty() {
    if (!sink_ || flushing_) co_return;
    struct Flushing {
        explicit Flushing(Run& r) : run(r) { run.flushing_ = true; }
        ~Flushing() {
            run.flushing_ = false;
            if (run.leaving_ || run.over()) run.wake();
        }
        Flushing(const Flushing&) = delete;
        Flushing& operator=(const Flushing&) = delete;
        Run& run;
    } const flushing(*this);
    while (!gone_ && !ended_ && sink_->dirty()) {
        recorder_.sent();
        const bool sent = co_await sink_->flush();
        if (!sent) gone_ = true;
    }
}

std::chrono::milliseconds Run::remaining() const {
    if (timeouts_.total.count() <= 0) return timeouts_.total;
    const auto spent =
        std::chrono::duration_cast<std::chrono::milliseconds>(coarse_now() - started_);
    return std::max(timeouts_.total - spent, std::chrono::milliseconds{1});
}

asio::awaitable<void> Run::perform(Action action, Pending& pending) {
    if (over()) co_return;
    if (auto* http = std::get_if<HttpAction>(&action)) {
        UpstreamCall call(*this, *http, pending.status);
        co_await call.run();
        pending.aborted = false;  // it ended by itself
    } else if (auto* timer = std::get_if<TimerAction>(&action)) {
        co_await perform_timer(*timer);
    } else if (auto* socket = std::get_if<WsOpenAction>(&action)) {
        co_await sockets_.serve(std::move(*socket));
    } else if (auto* accept = std::get_if<AcceptAction>(&action)) {
        co_await sockets_.serve(*accept);
    } else {
        co_await perform_shared_get(std::get<SharedGetAction>(action));
    }
    co_await flush_if_dirty();
}

asio::awaitable<void> Run::perform_timer(TimerAction action) {
    std::chrono::milliseconds after(action.after_ms);
    const bool too_late = timeouts_.total.count() > 0 && after > remaining();
    if (too_late) after = remaining();
    asio::steady_timer timer(context_.loop.io, after);
    co_await timer.async_wait(asio::use_awaitable);
    if (too_late || out_of_time()) co_return expire();
    bay_ev_timer event{};
    event.h = {sizeof event, BAY_EV_TIMER};
    event.timer = action.timer;
    co_await deliver(event.h);
}

void Run::start_pending() {
    for (Action& action : std::exchange(recorder_.actions(), {})) {
        if (!perform_now(action)) start(std::move(action));
    }
}

void Run::start(Action action) {
    const auto* http = std::get_if<HttpAction>(&action);
    const auto pending = pending_.emplace(pending_.end());
    pending->call = http ? http->call : 0;
    auto self = shared_from_this();
    asio::co_spawn(
        context_.loop.io, perform(std::move(action), *pending),
        asio::bind_cancellation_slot(pending->cancel.slot(), [self, pending](std::exception_ptr) {
            if (!pending->aborted || self->over()) return self->finish(pending);
            asio::co_spawn(self->context_.loop.io,
                           self->feed_aborted(pending->call, pending->status),
                           [self, pending](std::exception_ptr) { self->finish(pending); });
        }));
}

void Run::finish(std::list<Pending>::iterator pending) {
    pending_.erase(pending);
    if (!over()) start_pending();
    wake();
}

void Run::take_aborts() {
    for (const std::uint32_t call : std::exchange(recorder_.aborts(), {})) {
        for (Pending& pending : pending_) {
            if (call == 0 || pending.call != call || pending.aborted) continue;
            pending.aborted = true;
            pending.cancel.emit(asio::cancellation_type::terminal);
        }
    }
}

asio::awaitable<void> Run::feed_aborted(std::uint32_t call, int status) {
    bay_ev_http event{};
    event.h = {sizeof event, BAY_EV_HTTP_DONE};
    event.call = call;
    event.status = status;
    event.failure = BAY_FAIL_ABORTED;
    event.error = str("aborted");
    co_await deliver(event.h, call);
}

}  // namespace patchbay
