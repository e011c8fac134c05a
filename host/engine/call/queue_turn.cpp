#include "engine/call/queue_turn.hpp"

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace patchbay {

namespace asio = boost::asio;

struct QueueTurn::State {
    explicit State(asio::io_context& io) : timer(io) {}
    asio::steady_timer timer;
    bool came = false;
};

Gate::Turn* QueueTurn::begin() {
    if (!state_) state_ = std::make_shared<State>(io_);
    return this;
}

void QueueTurn::come() noexcept {
    try {
        asio::post(io_, [state = state_] {
            state->came = true;
            state->timer.cancel();
        });
    } catch (...) {
        // Without memory for it: the plan looks by itself before long.
    }
}

asio::awaitable<void> QueueTurn::until(std::chrono::steady_clock::time_point at) {
    begin();
    const std::shared_ptr<State> state = state_;
    if (!state->came) {
        state->timer.expires_at(at);
        co_await state->timer.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    state->came = false;
    const auto left = co_await asio::this_coro::cancellation_state;
    if (left.cancelled() != asio::cancellation_type::none) {
        throw boost::system::system_error(asio::error::operation_aborted);
    }
}

}  // namespace patchbay
