// A new version of a plugin on trial: a share of the calls goes to it, and it is judged by what
// becomes of them.
//
// The trial ends by itself at the first fault of the new version, or when its calls fail more often
// than those of the version it is to replace, by more than chance. For that the two error rates are
// compared after every call of the new version, as soon as both have kCanarySample calls and the
// new one kCanaryErrors errors: it has failed if the difference is more than kCanaryDeviations
// standard deviations of what the difference of two samples of those sizes would be if both had the
// same rate (the pooled two-proportion z-test). Four deviations, because the comparison is made
// again and again: a version as good as the old one then fails in fewer than one trial of a
// hundred, while one that fails every call is out after twenty. Tested by canary_test.cpp.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/plugins/instance.hpp"

namespace patchbay {

inline constexpr std::uint64_t kCanarySample = 20;
inline constexpr std::uint64_t kCanaryErrors = 5;
inline constexpr double kCanaryDeviations = 4.0;

/// Calls of one version since the trial began. A call is one attempt at a provider; it is an error
/// unless it was answered or its client left.
struct CanaryCount {
    std::uint64_t calls = 0;
    std::uint64_t errors = 0;
};

/// Is the new version's error rate above the old one's by more than chance?
bool errs_more(const CanaryCount& old_version, const CanaryCount& new_version);

/// Thread-safe.
class CanaryTrial {
  public:
    using Stats = std::vector<std::shared_ptr<const ComponentStats>>;

    /// `stats` are those of the new version's components; faults it had before do not count.
    /// `failed` is called once, on the thread whose call made up the mind; it must not block.
    CanaryTrial(Stats stats, std::function<void()> failed);

    /// No more calls to the new version.
    bool over() const { return over_.load(std::memory_order_acquire); }
    /// Why it is over; empty while it is not.
    std::string reason() const;

    void count_old(bool error);
    void count_new(bool error);

    CanaryCount old_version() const { return read(old_); }
    CanaryCount new_version() const { return read(new_); }

  private:
    struct Counters {
        std::atomic<std::uint64_t> calls{0};
        std::atomic<std::uint64_t> errors{0};
    };
    static CanaryCount read(const Counters& counters);
    std::uint64_t faults() const;
    std::string last_fault() const;
    void fail(std::string reason);

    Stats stats_;
    std::uint64_t faults_before_;
    std::function<void()> failed_;
    Counters old_;
    Counters new_;
    std::atomic<bool> over_{false};
    mutable std::mutex mutex_;
    std::string reason_;
};

}  // namespace patchbay
