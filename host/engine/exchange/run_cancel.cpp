// What happens when an exchange is left before its end, and calls that outlive it.
#include <algorithm>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "engine/exchange/detached_calls.hpp"
#include "engine/exchange/run.hpp"
#include "engine/isolation/action_codec.hpp"

namespace patchbay {

namespace asio = boost::asio;

namespace {

bay_ev_cancel cancel_event(std::uint32_t reason) {
    bay_ev_cancel event{};
    event.h = {sizeof event, BAY_EV_CANCEL};
    event.reason = reason;
    return event;
}

}  // namespace

void Run::start_detached() {
    auto& recorded = recorder_.detached();
    if (recorded.empty()) return;
    auto& calls = asio::use_service<DetachedCalls>(context_.loop.io);
    for (const HttpAction& action : std::exchange(recorded, {})) {
        if (fault_) break;  // nothing that a faulty machine asked for is done
        calls.start(context_.client, action, verify_tls_, component_.instance->stats().component);
    }
}

void Run::expire() {
    if (over() || recorder_.settled()) return;
    expired_ = true;
    wake();
}

std::chrono::steady_clock::time_point Run::deadline() const {
    return timeouts_.total.count() > 0 ? started_ + timeouts_.total
                                       : std::chrono::steady_clock::time_point::max();
}

bool Run::out_of_time() const {
    return std::chrono::steady_clock::now() >= deadline() &&
           std::none_of(pending_.begin(), pending_.end(),
                        [](const Pending& pending) { return pending.call != 0; });
}

void Run::tell_cancelled(std::uint32_t reason) {
    if (asio::use_service<DetachedCalls>(context_.loop.io).stopping()) reason = kShutdown;
    recorder_.begin_cancel();
    if (remote_) {
        // The caller's request may be gone before the answer comes.
        kept_base_url_ = base_url_;
        recorder_.limit_egress(component_.instance->egress(), kept_base_url_);
        asio::co_spawn(context_.loop.io,
                       tell_cancelled_remote(shared_from_this(), std::move(remote_), reason),
                       asio::detached);
        return;
    }
    if (!machine_) return;
    const bay_ev_cancel event = cancel_event(reason);
    recorder_.begin_event(0, false);
    workload_.add(event.h);
    judge(machine_->feed(event.h, recorder_.out()), event.h.type);
    take_denied();
    start_detached();
}

asio::awaitable<void> Run::tell_cancelled_remote(std::shared_ptr<Run> self,
                                                 std::shared_ptr<isolation::RemoteMachine> machine,
                                                 std::uint32_t reason) {
    const DetachedCalls::Expected expected(
        asio::use_service<DetachedCalls>(self->context_.loop.io));
    const bay_ev_cancel event = cancel_event(reason);
    isolation::RemoteMachine::Fed answer;
    co_await machine->take_turn();
    self->workload_.add(event.h);
    co_await machine->feed(event.h, {.budget = self->budget(), .large = self->workload_.large()},
                           answer);
    if (!answer.lost) {
        self->recorder_.begin_event(0, false);
        isolation::Reader actions(answer.actions);
        bay_status status = answer.status;
        if (!isolation::replay_actions(actions, self->recorder_.out()) && status == BAY_OK) {
            status = BAY_E_INTERNAL;
        }
        self->judge(status, event.h.type);
        self->take_denied();
        self->start_detached();
    }
    machine->close();
}

}  // namespace patchbay
