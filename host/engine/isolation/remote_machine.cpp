#include "engine/isolation/remote_machine.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "engine/isolation/event_codec.hpp"
#include "engine/isolation/plugin_child.hpp"

namespace patchbay::isolation {

namespace asio = boost::asio;

RemoteMachine::RemoteMachine(std::shared_ptr<PluginChild> child, const Instance& instance,
                             std::uint32_t id, std::string open_frame)
    : child_(std::move(child)),
      instance_(instance),
      id_(id),
      first_(std::move(open_frame)),
      wake_(child_->loop_.io, asio::steady_timer::time_point::max()) {
    instance.stats().calls.fetch_add(1, std::memory_order_relaxed);
    instance.stats().in_flight.fetch_add(1, std::memory_order_relaxed);
}

RemoteMachine::~RemoteMachine() {
    close();
}

asio::awaitable<void> RemoteMachine::take_turn() {
    while (!closed_ && state_ != State::idle) {
        co_await wake_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

asio::awaitable<void> RemoteMachine::feed(const bay_event& event, Context context, Fed& fed) {
    // Whoever leaves without the answer leaves a machine that is ahead of its exchange.
    struct Guard {
        RemoteMachine& machine;
        bool whole = false;
        ~Guard() {
            if (!whole) machine.close();
        }
    } guard{*this};
    fed = {.lost = true};
    if (closed_) co_return;
    instance_.stats().feeds.fetch_add(1, std::memory_order_relaxed);
    std::string later;
    std::string& frames = sent_ ? later : first_;
    Writer to(frames);
    to.begin(FrameType::feed, id_);
    to.number(context.call);
    to.number(static_cast<std::uint8_t>(context.live));
    to.number(static_cast<std::uint8_t>(context.idle));
    to.number(context.pending);
    to.number(context.body_size);
    if (!write_event(to, event)) {
        to.cancel();
        fed = {.lost = false, .opened = true, .status = BAY_E_UNSUPPORTED};
        guard.whole = true;
        co_return;
    }
    to.end();
    sent_ = true;
    state_ = State::waiting;
    child_->owed_.push_back({id_, event.type, instance_.shared_stats(),
                             std::max(std::chrono::ceil<std::chrono::milliseconds>(context.budget),
                                      std::chrono::milliseconds(1)),
                             context.large});
    if (child_->owed_.size() == 1 && child_->state_ == PluginChild::State::up) child_->watch();
    child_->send(frames);
    while (!closed_ && state_ != State::answered) {
        co_await wake_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    if (closed_) co_return;
    std::string().swap(first_);
    Reader from(answer_);
    fed.status = from.number<std::int32_t>();
    fed.opened = from.number<std::uint8_t>() != 0;
    fed.actions = std::string_view(answer_).substr(sizeof(std::int32_t) + 1);
    fed.lost = false;
    state_ = State::idle;
    guard.whole = true;
    wake();  // whoever waits for the turn; it runs when this coroutine is done with the answer
}

void RemoteMachine::close() {
    if (closed_) return;
    closed_ = true;
    lost_handler_ = nullptr;
    instance_.stats().in_flight.fetch_sub(1, std::memory_order_relaxed);
    if (child_->machines_.erase(id_) > 0 && sent_) {
        std::string frame;
        Writer to(frame);
        to.begin(FrameType::close, id_);
        to.end();
        child_->send(frame);
    }
    wake();
}

}  // namespace patchbay::isolation
