// What everything on one event loop shares.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

namespace patchbay {

namespace detail {
/// A node of a circular list; alone it points to itself. Unlinking needs no knowledge of the list.
struct DeadlineLink {
    DeadlineLink* previous = this;
    DeadlineLink* next = this;
};
}  // namespace detail

/// Deadlines of one event loop, kept coarse so that arming and disarming one costs no system call:
/// a timer ticks every kTick while any deadline is armed and fires those that have passed. A
/// deadline fires at most kTick and a tick of the coarse clock late (plus what the loop itself is
/// late), never early. Used on the
/// loop's thread only. Outlives its deadlines, or at least their last arm().
class Deadlines {
  public:
    static constexpr std::chrono::milliseconds kTick{20};
    using Clock = std::chrono::steady_clock;

    explicit Deadlines(boost::asio::io_context& io);
    ~Deadlines();
    Deadlines(const Deadlines&) = delete;
    Deadlines& operator=(const Deadlines&) = delete;

  private:
    friend class Deadline;
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// One deadline; disarmed on destruction. The action runs on the loop's thread, outside of any call
/// to this object, at most once per arm(); it may arm any deadline, this one too, and destroy
/// others, but not this one. What it throws leaves io_context::run(); the other deadlines fire on
/// the next tick then.
class Deadline : private detail::DeadlineLink {
  public:
    Deadline(Deadlines& owner, std::function<void()> action);
    ~Deadline();
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;

    /// Fires `after` from now; replaces what was armed. Zero or less disarms.
    void arm(std::chrono::milliseconds after);
    void disarm();
    bool armed() const { return armed_; }
    /// True if it fired since the last arm().
    bool expired() const { return expired_; }

  private:
    friend class Deadlines;
    friend struct Deadlines::Impl;
    Deadlines::Impl* owner_;
    std::function<void()> action_;
    Deadlines::Clock::time_point at_{};
    bool armed_ = false;
    bool expired_ = false;
};

/// One event loop and what belongs to it. Nothing in it is shared with another loop but `blocking`,
/// the small pool for what would block a loop (getaddrinfo); post back to `io` from there.
struct Loop {
    boost::asio::io_context& io;
    Deadlines& deadlines;
    boost::asio::thread_pool& blocking;
};

}  // namespace patchbay
