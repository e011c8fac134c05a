#include "engine/plugins/breaker.hpp"

#include <algorithm>

namespace patchbay {

void Breaker::configure(const BreakerSettings& settings) {
    const std::lock_guard lock(mutex_);
    settings_ = settings;
}

Breaker::Pass Breaker::admit(Clock::time_point now) {
    State state = state_.load(std::memory_order_acquire);
    if (state == State::closed) return Pass::normal;
    if (!available(now)) return Pass::refused;
    state = State::open;
    const bool won = state_.compare_exchange_strong(state, State::half_open);
    if (won) return Pass::probe;
    return state == State::closed ? Pass::normal : Pass::refused;
}

bool Breaker::available(Clock::time_point now) const {
    const State state = state_.load(std::memory_order_acquire);
    if (state == State::closed) return true;
    return state == State::open &&
           now.time_since_epoch().count() >= until_.load(std::memory_order_acquire);
}

bool Breaker::fault(Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    // What calls from before do while the component rests tells nothing new.
    if (state_.load() != State::closed || settings_.faults <= 0) return false;
    faults_.push_back(now);
    while (now - faults_.front() > settings_.window) faults_.pop_front();
    if (faults_.size() < static_cast<std::size_t>(settings_.faults)) return false;
    open(now);
    return true;
}

void Breaker::open(Clock::time_point now) {
    constexpr unsigned kMaxDoublings = 20;
    const auto most = std::max(settings_.cooldown, kMaxCooldown);
    const auto factor = std::int64_t{1} << std::min(failed_probes_, kMaxDoublings);
    const auto first = std::clamp(settings_.cooldown, std::chrono::milliseconds(0),
                                  std::chrono::milliseconds(std::chrono::hours(24 * 365)));
    const Clock::duration rest = std::min(first * factor, most);
    until_.store((now + rest).time_since_epoch().count(), std::memory_order_release);
    state_.store(State::open, std::memory_order_release);
    opened_.fetch_add(1, std::memory_order_relaxed);
    faults_.clear();
}

void Breaker::probe_good() {
    const std::lock_guard lock(mutex_);
    failed_probes_ = 0;
    faults_.clear();
    state_.store(State::closed, std::memory_order_release);
}

void Breaker::probe_bad(Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    ++failed_probes_;
    open(now);
}

void Breaker::probe_void() {
    state_.store(State::open, std::memory_order_release);
}

std::chrono::milliseconds Breaker::rest(Clock::time_point now) const {
    if (state() != State::open) return std::chrono::milliseconds(0);
    const auto left =
        Clock::duration(until_.load(std::memory_order_acquire)) - now.time_since_epoch();
    return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(left),
                    std::chrono::milliseconds(0));
}

}  // namespace patchbay
