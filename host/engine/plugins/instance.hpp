// An instance of a component, and a machine: the only two places where the host calls into a
// plugin.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "contract/actions/egress.hpp"
#include "engine/plugins/breaker.hpp"
#include "engine/plugins/feed_times.hpp"
#include "engine/plugins/home.hpp"
#include "patchbay/provider.h"

namespace patchbay {

/// What a component did wrong last. Thread-safe; faults are rare, so a lock will do.
class LastFault {
  public:
    struct Fault {
        std::string what;  ///< "returned status 5 for event 3"
        std::chrono::system_clock::time_point time;
    };
    void set(std::string_view what);
    /// nullopt: it has done nothing wrong.
    std::optional<Fault> get() const;

  private:
    mutable std::mutex mutex_;
    std::optional<Fault> fault_;
};

/// Counters of one component of one generation of a plugin. Written from any worker, read by
/// metrics.
struct ComponentStats {
    std::string plugin;                                ///< manifest id
    std::string component;                             ///< component id
    std::string kind;                                  ///< "bay.provider/1"
    std::string sha256;                                ///< of the file, for crash reports
    std::uint64_t generation = 1;                      ///< see Plugin::generation()
    mutable std::atomic<std::uint64_t> calls{0};       ///< machines opened
    mutable std::atomic<std::uint64_t> feeds{0};       ///< events fed
    mutable std::atomic<std::uint64_t> busy_ns{0};     ///< time spent inside the plugin
    mutable std::atomic<std::uint64_t> faults{0};      ///< feeds that broke the contract, stalls
    mutable std::atomic<std::int64_t> in_flight{0};    ///< open machines
    mutable std::atomic<std::uint64_t> slow_feeds{0};  ///< that took longer than kSlowFeed
    mutable std::atomic<std::uint64_t> denied{0};      ///< calls to origins that are not allowed
    mutable std::atomic<std::int64_t> slow_logged{0};  ///< steady time of the last line, ns
    mutable std::atomic<std::int64_t> feed_budget_ns{1'000'000'000};
    mutable Breaker breaker;
    mutable FeedTimes feed_times;
    mutable LastFault last_fault;
};

/// A feed() is work of microseconds; one that takes longer holds up every other call of its loop.
inline constexpr std::chrono::milliseconds kSlowFeed{1};

/// One component with one configuration. Machines may be opened on it from any thread. Destroying
/// the last reference calls the plugin's destroy(), which is [control].
class Instance {
  public:
    /// Takes over `raw`. `keep_alive` keeps the plugin file mapped; `egress` is where it may call.
    Instance(const bay_kind& kind, bay_instance* raw, std::shared_ptr<const ComponentStats> stats,
             std::shared_ptr<const void> keep_alive, EgressList egress = {});
    /// One that lives elsewhere, under this number; `keep_alive` keeps the plugin and its home.
    Instance(Home& home, std::uint32_t id, std::shared_ptr<const ComponentStats> stats,
             std::shared_ptr<const void> keep_alive, EgressList egress = {});
    ~Instance();
    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;

    const ComponentStats& stats() const { return *stats_; }
    const std::shared_ptr<const ComponentStats>& shared_stats() const { return stats_; }
    const EgressList& egress() const { return egress_; }
    /// Counts a call to an origin that is not allowed; logs it if the origin is a new one.
    void denied(std::string_view origin) const;
    /// Where its machines run, if that is not here, as Machine; nullptr: here.
    Home* home() const { return home_; }
    std::uint32_t id_at_home() const { return id_at_home_; }

  private:
    friend class Machine;
    const bay_kind* kind_ = nullptr;  ///< nullptr: it lives elsewhere
    bay_instance* raw_ = nullptr;
    Home* home_ = nullptr;
    std::uint32_t id_at_home_ = 0;
    std::shared_ptr<const ComponentStats> stats_;
    std::shared_ptr<const void> keep_alive_;
    EgressList egress_;
    mutable RefusedOrigins refused_;
};

/// One plugin state machine (`bay_exchange`): open on construction, closed exactly once on
/// destruction. Every call into the plugin is timed and attributed here: if the plugin crashes the
/// process, the crash report names its component, the event and the file's hash (crash_report.hpp).
/// Not thread-safe, but may move between threads.
class Machine {
  public:
    /// The status of the plugin's open() if it is not BAY_OK (counted as a fault). Not for isolated
    /// instances.
    static boost::system::result<Machine, bay_status> open(const Instance& instance,
                                                           const bay_open_info& info);
    Machine(Machine&& other) noexcept;
    Machine& operator=(Machine&& other) noexcept;
    ~Machine();

    /// Feeds one event. After a status other than BAY_OK, which is a fault, the machine may only be
    /// destroyed; counting it is the caller's, who knows what the machine was given. `instance` of
    /// open() must outlive this object.
    bay_status feed(const bay_event& event, bay_out& out) noexcept;
    /// How long the last feed() took.
    std::chrono::nanoseconds took() const { return took_; }

  private:
    Machine(const Instance& instance, bay_exchange* raw);
    const Instance* instance_ = nullptr;
    bay_exchange* raw_ = nullptr;
    std::chrono::nanoseconds took_{0};
};

/// Counts a fault that the driver found out (a machine that stalled, an action that is not
/// allowed). Takes the component out of routing if there were too many (breaker.hpp).
void count_fault(const Instance& instance);
void count_fault(const ComponentStats& stats);

}  // namespace patchbay
