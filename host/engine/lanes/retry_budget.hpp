// How many retries a model group may have: a share of its calls, so that a provider that is down is
// not asked by a multiple of its callers.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace patchbay {

/// Counts the last ten seconds. A retry is paid while there are fewer than half as many as calls,
/// and 100 more (ten a second) for groups with few calls. Finagle and Envoy have a fifth; providers
/// of models fail by the percent, and at 30 % errors a call needs 0.43 retries: a half is enough
/// for that and still ends a storm at one and a half times the load. Any thread, no locks.
class RetryBudget {
  public:
    static constexpr std::uint32_t kSeconds = 10;
    static constexpr std::uint32_t kLeast = 100;

    /// A call makes its first attempt.
    void called(std::int64_t now_ns) { slot(now_ns).fetch_add(kCall, std::memory_order_relaxed); }
    /// Takes a retry out of the budget; false: there is none.
    bool take(std::int64_t now_ns);

  private:
    // A slot is the low 16 bits of its second, 24 bits of calls, 24 bits of retries.
    static constexpr std::uint64_t kRetry = 1;
    static constexpr std::uint64_t kCall = std::uint64_t{1} << 24;
    static constexpr std::uint64_t kCountMask = (std::uint64_t{1} << 24) - 1;
    std::atomic<std::uint64_t>& slot(std::int64_t now_ns);

    std::array<std::atomic<std::uint64_t>, kSeconds> slots_{};
};

}  // namespace patchbay
