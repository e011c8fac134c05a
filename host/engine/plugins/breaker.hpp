// Gives a component that keeps breaking the plugin contract a rest.
//
// Code that fails on every request fails them all slowly, one retry after the other, and the log
// fills up with it. So after a number of faults within a window the component is open: nothing is
// sent to it until a cooldown has passed. Then exactly one call, the probe, is let through. If that
// ends without a fault the component is closed again, else it rests twice as long. Only what the
// plugin's own code does wrong counts, never an upstream's error.
//
// A call asks one atomic in the good case. Faults are rare and take a mutex.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>

#include "config/config.hpp"

namespace patchbay {

/// One per component; any thread.
class Breaker {
  public:
    using Clock = std::chrono::steady_clock;
    enum class State : std::uint8_t { closed = 0, open = 1, half_open = 2 };
    enum class Pass { refused, normal, probe };

    /// The cooldown is doubled up to this, or stays at what is configured if that is more.
    static constexpr std::chrono::milliseconds kMaxCooldown{600'000};

    /// For what comes after; a component that rests goes on resting.
    void configure(const BreakerSettings& settings);

    /// May a call begin? Whoever gets `probe` owes one of the ends below.
    Pass admit(Clock::time_point now);
    /// Would a call be let through? For routing, which then asks admit().
    bool available(Clock::time_point now) const;
    /// True in the good case, without a look at the clock.
    bool closed() const { return state_.load(std::memory_order_relaxed) == State::closed; }

    /// Counts a fault. True if the component rests from now on.
    bool fault(Clock::time_point now);
    void probe_good();
    void probe_bad(Clock::time_point now);
    /// The probe was cancelled and says nothing; the next call is one.
    void probe_void();

    State state() const { return state_.load(std::memory_order_relaxed); }
    /// How often the component was taken out of routing.
    std::uint64_t opened() const { return opened_.load(std::memory_order_relaxed); }
    /// Until when it rests; zero time if it does not.
    std::chrono::milliseconds rest(Clock::time_point now) const;

  private:
    void open(Clock::time_point now);

    std::atomic<State> state_{State::closed};
    std::atomic<Clock::rep> until_{0};  ///< of the rest, while open
    std::atomic<std::uint64_t> opened_{0};
    std::mutex mutex_;  ///< of what follows
    BreakerSettings settings_;
    std::deque<Clock::time_point>
        faults_;  ///< of the window, oldest first; at most settings_.faults
    unsigned failed_probes_ = 0;
};

}  // namespace patchbay
