// How many requests and tokens a minute a model takes, and what of it those of a priority may use once it is saturated
// (`priority_reservation`).
//
// What was counted belongs to the process and outlives a reload, as lanes do. All counts of a model are of the same
// minutes, those of the clock: else a share would be of another minute than the whole of which it is one.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/meter/rate_window.hpp"

namespace patchbay {

/// Of a model, or of a priority in it. Counted on any thread.
struct Capacity {
    static constexpr std::int64_t kNone = -1;

    /// `ahead`: of RateWindow's clock, whose minutes are counted.
    Capacity(std::string counter, std::uint32_t ahead);

    /// The model_name; of a share that, a line feed and the priority, of the others' nothing behind it.
    const std::string counter;
    std::atomic<std::int64_t> rpm{kNone}, tpm{kNone};
    meter::RateWindow requests, tokens;
    std::atomic<std::uint64_t> refused{0};  ///< calls, by this one

    /// How much of it is used where so much was before a call, 1 = all: the greater of requests and tokens. `now`: RateWindow's.
    double used(std::int64_t requests_before, std::int64_t tokens_before, std::uint32_t now) const;
};

/// All that there are.
class Capacities {
  public:
    /// Counts minutes of the clock, as gateways that share a rate do: those of the server's.
    Capacities();

    struct Limit {
        std::int64_t rpm = Capacity::kNone, tpm = Capacity::kNone;
        bool operator==(const Limit&) const = default;
    };
    using Limits = std::map<std::string, Limit, std::less<>>;

    /// That of this counter, without limits as long as nobody gives it some. Any thread.
    std::shared_ptr<Capacity> hold(const std::string& counter);
    /// The limits from now on; what is not there has none. One thread at a time.
    void limit(const Limits& limits);
    /// Those that have limits.
    std::vector<std::shared_ptr<Capacity>> limited() const;

  private:
    const std::shared_ptr<Capacity>& at(const std::string& counter);

    const std::uint32_t ahead_;  ///< one for all: read anew it may be another second
    mutable std::mutex mutex_;
    std::map<std::string, std::shared_ptr<Capacity>, std::less<>> table_;
    Limits limits_;
};

/// Of a model group that is kept to its capacity. Made with a snapshot and never changed.
struct GroupCapacity {
    std::string model;  ///< the model_name
    std::shared_ptr<Capacity> whole;
    /// By priority, sorted; each has a limit where the whole has one.
    std::vector<std::pair<std::string, std::shared_ptr<Capacity>>> reserved{};
    /// Of all keys of no such priority; nullptr: nothing is reserved.
    std::shared_ptr<Capacity> others{};
    double threshold = 0;  ///< how much of the whole is used when shares begin to hold

    /// The name of the share of a priority; empty: it has none of its own.
    std::string_view share_of(std::string_view priority) const;
    /// That share, else the others'; nullptr: nothing is reserved. Takes no lock.
    Capacity* part(std::string_view priority) const;
};

}  // namespace patchbay
