// Forgets old entries of the books, as `maximum_spend_logs_retention_period` says. On a thread of its own, which waits for the
// store; gateways that share one may all do it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "store/address.hpp"

namespace patchbay::app {

/// The last day, counted from 1970, whose entries are all older than this. Yesterday and today are kept in any case: their
/// calls may not be posted yet.
std::int64_t last_day_to_forget(std::int64_t now_us, std::chrono::seconds kept);

/// All from one thread.
class SpendRetention {
  public:
    /// Nothing is forgotten yet.
    explicit SpendRetention(store::Address books);
    ~SpendRetention();
    SpendRetention(const SpendRetention&) = delete;
    SpendRetention& operator=(const SpendRetention&) = delete;

    /// From now on: what is older than `kept` is forgotten at once and whenever an `interval` is over. 0: nothing is.
    void use(std::chrono::seconds kept, std::chrono::seconds interval);
    void stop();

  private:
    using Clock = std::chrono::steady_clock;

    void run();
    void forget(std::int64_t last);

    const store::Address books_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::chrono::seconds kept_{0}, interval_{0};
    Clock::time_point due_{};
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace patchbay::app
