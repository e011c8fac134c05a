#include "engine/plugins/canary.hpp"

#include <cmath>
#include <utility>

namespace patchbay {

namespace {

double rate(const CanaryCount& count) {
    return static_cast<double>(count.errors) / static_cast<double>(count.calls);
}

std::string shown(const CanaryCount& count) {
    return std::to_string(count.errors) + " of " + std::to_string(count.calls) + " calls";
}

}  // namespace

bool errs_more(const CanaryCount& old_version, const CanaryCount& new_version) {
    if (old_version.calls < kCanarySample || new_version.calls < kCanarySample) return false;
    if (new_version.errors < kCanaryErrors) return false;
    const double difference = rate(new_version) - rate(old_version);
    const double pooled = rate({old_version.calls + new_version.calls,  //
                                old_version.errors + new_version.errors});
    const double deviation = std::sqrt(pooled * (1 - pooled) *
                                       (1 / static_cast<double>(old_version.calls) +  //
                                        1 / static_cast<double>(new_version.calls)));
    return difference > kCanaryDeviations * deviation;
}

CanaryTrial::CanaryTrial(Stats stats, std::function<void()> failed)
    : stats_(std::move(stats)), faults_before_(faults()), failed_(std::move(failed)) {}

std::string CanaryTrial::reason() const {
    const std::lock_guard lock(mutex_);
    return reason_;
}

void CanaryTrial::count_old(bool error) {
    // Errors last, here and below: a reader may see too few of them, never more than calls.
    old_.calls.fetch_add(1, std::memory_order_relaxed);
    if (error) old_.errors.fetch_add(1, std::memory_order_relaxed);
}

void CanaryTrial::count_new(bool error) {
    new_.calls.fetch_add(1, std::memory_order_relaxed);
    if (error) new_.errors.fetch_add(1, std::memory_order_relaxed);
    if (over()) return;
    if (faults() > faults_before_) return fail("it broke the plugin contract: " + last_fault());
    const CanaryCount old_version = read(old_);
    const CanaryCount new_version = read(new_);
    if (!errs_more(old_version, new_version)) return;
    fail(shown(new_version) + " failed, against " + shown(old_version) +
         " in the version it was to replace");
}

std::uint64_t CanaryTrial::faults() const {
    std::uint64_t faults = 0;
    for (const auto& stats : stats_) faults += stats->faults.load(std::memory_order_relaxed);
    return faults;
}

std::string CanaryTrial::last_fault() const {
    std::optional<LastFault::Fault> last;
    for (const auto& stats : stats_) {
        const auto fault = stats->last_fault.get();
        if (fault && (!last || last->time < fault->time)) last = fault;
    }
    return last ? last->what : "a fault";
}

CanaryCount CanaryTrial::read(const Counters& counters) {
    CanaryCount count;
    count.errors = counters.errors.load(std::memory_order_relaxed);
    count.calls = counters.calls.load(std::memory_order_relaxed);
    return count;
}

void CanaryTrial::fail(std::string reason) {
    {
        const std::lock_guard lock(mutex_);
        if (over()) return;
        reason_ = std::move(reason);
        over_.store(true, std::memory_order_release);
    }
    failed_();
}

}  // namespace patchbay
