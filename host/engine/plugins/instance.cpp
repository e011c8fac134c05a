#include "engine/plugins/instance.hpp"

#include <chrono>
#include <mutex>
#include <utility>

#include <spdlog/spdlog.h>

#include "engine/coarse_clock.hpp"
#include "engine/plugins/control_lock.hpp"
#include "engine/plugins/crash_report.hpp"

namespace patchbay {

namespace {

CallNote note_of(const ComponentStats& stats, const char* what, std::uint32_t event = 0) {
    return {stats.plugin.c_str(), stats.component.c_str(), stats.sha256.c_str(), what, event};
}

// Attributes a call to its component and adds its duration to the time spent inside it.
class TimedCall {
  public:
    // Opening and closing, whose ticks add up to the right sum.
    TimedCall(const ComponentStats& stats, const char* what)
        : stats_(stats), begin_(coarse_now()), scope_(note_of(stats, what)) {}
    TimedCall(const ComponentStats& stats, std::uint32_t event)
        : stats_(stats),
          feed_(true),
          begin_(std::chrono::steady_clock::now()),
          scope_(note_of(stats, "feed", event)) {}
    ~TimedCall() {
        const auto spent = (feed_ ? std::chrono::steady_clock::now() : coarse_now()) - begin_;
        const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(spent).count();
        stats_.busy_ns.fetch_add(static_cast<std::uint64_t>(ns), std::memory_order_relaxed);
        if (feed_) stats_.feed_times.add(static_cast<std::uint64_t>(ns));
        if (took_ != nullptr) *took_ = spent;
    }
    /// Where the duration goes when the call is over.
    void tell(std::chrono::nanoseconds& took) { took_ = &took; }

  private:
    const ComponentStats& stats_;
    bool feed_ = false;
    std::chrono::steady_clock::time_point begin_;
    CallScope scope_;
    std::chrono::nanoseconds* took_ = nullptr;
};

// A slow feed is one line of the debug log, at most one a second for each component.
void note_slow(const ComponentStats& stats, std::uint32_t event, std::chrono::nanoseconds took) {
    using std::chrono::nanoseconds;
    constexpr std::int64_t kPause = 1'000'000'000;
    stats.slow_feeds.fetch_add(1, std::memory_order_relaxed);
    const std::int64_t now =
        nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
    std::int64_t last = stats.slow_logged.load(std::memory_order_relaxed);
    if (last != 0 && now - last < kPause) return;
    if (!stats.slow_logged.compare_exchange_strong(last, now)) return;
    spdlog::debug("plugin component '{}' took {:.1f} ms for event {}", stats.component,
                  static_cast<double>(took.count()) / 1e6, event);
}

}  // namespace

void LastFault::set(std::string_view what) {
    const std::lock_guard lock(mutex_);
    fault_ = Fault{std::string(what), std::chrono::system_clock::now()};
}

std::optional<LastFault::Fault> LastFault::get() const {
    const std::lock_guard lock(mutex_);
    return fault_;
}

Instance::Instance(const bay_kind& kind, bay_instance* raw,
                   std::shared_ptr<const ComponentStats> stats,
                   std::shared_ptr<const void> keep_alive, EgressList egress)
    : kind_(&kind),
      raw_(raw),
      stats_(std::move(stats)),
      keep_alive_(std::move(keep_alive)),
      egress_(std::move(egress)) {}

void Instance::denied(std::string_view origin) const {
    stats_->denied.fetch_add(1, std::memory_order_relaxed);
    const std::string fresh = refused_.first_time(origin);
    if (fresh.empty()) return;
    spdlog::warn("plugin component '{}' may not call {}: it is not on its egress list",
                 stats_->component, fresh);
}

Instance::Instance(Home& home, std::uint32_t id, std::shared_ptr<const ComponentStats> stats,
                   std::shared_ptr<const void> keep_alive, EgressList egress)
    : home_(&home),
      id_at_home_(id),
      stats_(std::move(stats)),
      keep_alive_(std::move(keep_alive)),
      egress_(std::move(egress)) {}

Instance::~Instance() {
    if (kind_ == nullptr) return;  // it goes with its processes
    const std::lock_guard lock(plugin_control_mutex());
    const CallScope scope(note_of(*stats_, "destroy"));
    kind_->destroy(raw_);
}

boost::system::result<Machine, bay_status> Machine::open(const Instance& instance,
                                                         const bay_open_info& info) {
    const auto& stats = *instance.stats_;
    bay_exchange* raw = nullptr;
    bay_status status = BAY_OK;
    {
        const TimedCall call(stats, "open");
        status = instance.kind_->open(instance.raw_, &info, &raw);
    }
    // BAY_OK without a machine is as much a broken promise as a failure.
    if (status == BAY_OK && raw == nullptr) status = BAY_E_INTERNAL;
    if (status != BAY_OK) {
        count_fault(instance);
        return boost::system::result<Machine, bay_status>(boost::system::in_place_error, status);
    }
    stats.calls.fetch_add(1, std::memory_order_relaxed);
    stats.in_flight.fetch_add(1, std::memory_order_relaxed);
    return Machine(instance, raw);
}

Machine::Machine(const Instance& instance, bay_exchange* raw) : instance_(&instance), raw_(raw) {}

Machine::Machine(Machine&& other) noexcept
    : instance_(std::exchange(other.instance_, nullptr)),
      raw_(std::exchange(other.raw_, nullptr)),
      took_(other.took_) {}

Machine& Machine::operator=(Machine&& other) noexcept {
    std::swap(instance_, other.instance_);
    std::swap(raw_, other.raw_);
    std::swap(took_, other.took_);
    return *this;
}

Machine::~Machine() {
    if (instance_ == nullptr) return;
    const auto& stats = *instance_->stats_;
    {
        const TimedCall call(stats, "close");
        instance_->kind_->close(raw_);
    }
    stats.in_flight.fetch_sub(1, std::memory_order_relaxed);
}

bay_status Machine::feed(const bay_event& event, bay_out& out) noexcept {
    const auto& stats = *instance_->stats_;
    bay_status status = BAY_OK;
    {
        TimedCall call(stats, event.type);
        call.tell(took_);
        status = instance_->kind_->feed(raw_, &event, &out);
    }
    stats.feeds.fetch_add(1, std::memory_order_relaxed);
    if (took_ > kSlowFeed) note_slow(stats, event.type, took_);
    return status;
}

void count_fault(const Instance& instance) {
    count_fault(instance.stats());
}

void count_fault(const ComponentStats& stats) {
    stats.faults.fetch_add(1, std::memory_order_relaxed);
    const auto now = Breaker::Clock::now();
    if (!stats.breaker.fault(now)) return;
    spdlog::warn("plugin component '{}' is out of routing for {} ms after repeated faults",
                 stats.component, stats.breaker.rest(now).count());
}

}  // namespace patchbay
