#include "engine/loop.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/steady_timer.hpp>

#include "engine/coarse_clock.hpp"

namespace patchbay {

namespace {

using detail::DeadlineLink;

bool empty(const DeadlineLink& list) {
    return list.next == &list;
}

void unlink(DeadlineLink& node) {
    node.previous->next = node.next;
    node.next->previous = node.previous;
    node.previous = node.next = &node;
}

void append(DeadlineLink& list, DeadlineLink& node) {
    node.previous = list.previous;
    node.next = &list;
    list.previous->next = &node;
    list.previous = &node;
}

}  // namespace

// Two lists: the armed, and those found due by the current tick. Because a node unlinks itself from
// whichever list it is in, an action may destroy or re-arm any deadline that is still waiting in
// `due`.
struct Deadlines::Impl {
    explicit Impl(boost::asio::io_context& io) : timer(io) {}

    void add(Deadline& deadline) {
        append(armed, deadline);
        earliest = std::min(earliest, deadline.at_);
        if (!ticking) start(Clock::now());
    }

    void start(Clock::time_point now) {
        ticking = true;
        timer.expires_at(now + kTick);
        timer.async_wait([this, alive = std::weak_ptr<void>(life)](boost::system::error_code) {
            if (!alive.expired()) tick();
        });
    }

    void tick() {
        ticking = false;
        const auto now = Clock::now();
        if (now >= earliest) collect(now);
        if (!empty(armed) || !empty(due)) start(now);
        while (!empty(due)) {
            auto& deadline = static_cast<Deadline&>(*due.next);
            unlink(deadline);
            deadline.armed_ = false;
            deadline.expired_ = true;
            deadline.action_();
        }
    }

    void collect(Clock::time_point now) {
        earliest = Clock::time_point::max();
        for (DeadlineLink* node = armed.next; node != &armed;) {
            auto& deadline = static_cast<Deadline&>(*node);
            node = node->next;
            if (deadline.at_ <= now) {
                unlink(deadline);
                append(due, deadline);
            } else {
                earliest = std::min(earliest, deadline.at_);
            }
        }
    }

    void release(DeadlineLink& list) {
        while (!empty(list)) {
            auto& deadline = static_cast<Deadline&>(*list.next);
            unlink(deadline);
            deadline.armed_ = false;
        }
    }

    boost::asio::steady_timer timer;
    DeadlineLink armed;
    DeadlineLink due;
    // No armed deadline is before this; spares ticks the walk over the list.
    Clock::time_point earliest = Clock::time_point::max();
    bool ticking = false;
    // A tick that is already queued when this object dies must see that.
    std::shared_ptr<void> life = std::make_shared<char>();
};

Deadlines::Deadlines(boost::asio::io_context& io) : impl_(std::make_unique<Impl>(io)) {}

Deadlines::~Deadlines() {
    impl_->release(impl_->armed);
    impl_->release(impl_->due);
}

Deadline::Deadline(Deadlines& owner, std::function<void()> action)
    : owner_(owner.impl_.get()), action_(std::move(action)) {}

Deadline::~Deadline() {
    disarm();
}

void Deadline::arm(std::chrono::milliseconds after) {
    disarm();
    expired_ = false;
    if (after <= std::chrono::milliseconds::zero()) return;
    const auto now = coarse_now() + kCoarseTick;  // not early
    // Far enough to mean "never", and now + after cannot overflow.
    constexpr std::chrono::milliseconds kFarthest = std::chrono::hours(24 * 365 * 10);
    at_ = now + std::min(after, kFarthest);
    armed_ = true;
    owner_->add(*this);
}

void Deadline::disarm() {
    if (!armed_) return;
    unlink(*this);
    armed_ = false;
}

}  // namespace patchbay
