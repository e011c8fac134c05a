#include "gateway/loop_places.hpp"

#include <chrono>
#include <string>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace patchbay::gateway {

namespace asio = boost::asio;

namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

}  // namespace

bool LoopPlaces::enter(const LoopBounds& bounds) {
    load_.bounded.store(true, kRelaxed);
    bound_ = bounds.in_flight;
    if (!waiters_.empty() || served_ >= bound_) return false;
    load_.admitted.store(++served_, kRelaxed);
    return true;
}

void LoopPlaces::leave() {
    --served_;
    while (served_ < bound_ && !waiters_.empty()) {
        Waiter& next = *waiters_.front();
        waiters_.pop_front();
        ++served_;
        next.admitted = true;
        next.timer.cancel();
    }
    load_.admitted.store(served_, kRelaxed);
    load_.queued.store(static_cast<std::int64_t>(waiters_.size()), kRelaxed);
}

Error LoopPlaces::refusal() const {
    Error error;
    error.cls = ErrorClass::overloaded;
    error.http_status = 503;
    error.type = "overloaded_error";
    error.message = "Worker at capacity: " + std::to_string(served_) + " in-flight, " +
                    std::to_string(waiters_.size()) + " queued requests. Retry later.";
    error.retry_after = std::chrono::seconds(1);
    return error;
}

asio::awaitable<bool> LoopPlace::wait(const LoopBounds& bounds) {
    LoopPlaces::Waiters& waiters = places_.waiters_;
    LoopLoad& load = places_.load_;
    if (static_cast<std::int64_t>(waiters.size()) >= bounds.queued) {
        load.full.fetch_add(1, kRelaxed);
        co_return false;
    }
    const auto executor = co_await asio::this_coro::executor;
    LoopPlaces::Waiter waiter{asio::steady_timer(executor)};
    waiter.timer.expires_after(bounds.wait);
    const auto at = waiters.insert(waiters.end(), &waiter);
    load.queued.store(static_cast<std::int64_t>(waiters.size()), kRelaxed);
    co_await waiter.timer.async_wait(asio::as_tuple(asio::use_awaitable));
    entered_ = waiter.admitted;
    if (!entered_) {
        waiters.erase(at);
        load.queued.store(static_cast<std::int64_t>(waiters.size()), kRelaxed);
    }
    const auto left = co_await asio::this_coro::cancellation_state;
    if (left.cancelled() != asio::cancellation_type::none) {
        throw boost::system::system_error(asio::error::operation_aborted);
    }
    if (!entered_) load.timed_out.fetch_add(1, kRelaxed);
    co_return entered_;
}

}  // namespace patchbay::gateway
