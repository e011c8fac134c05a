// The last times that a deployment took, and their mean.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace patchbay {

/// LiteLLM's list of ten, as a ring. Any thread, without locks: of two samples in the same instant
/// one may go missing from the mean until the next.
class LatencyList {
  public:
    static constexpr std::size_t kLength = 10;

    /// `seconds` of any unit that the strategy compares; `now_ns` of the steady clock.
    void add(float seconds, std::int64_t now_ns) {
        const std::uint32_t at = count_.fetch_add(1, std::memory_order_relaxed);
        samples_[at % kLength].store(seconds, std::memory_order_relaxed);
        const std::uint32_t known = at + 1 < kLength ? at + 1 : kLength;
        float sum = 0;
        for (std::uint32_t i = 0; i < known; ++i)
            sum += samples_[i].load(std::memory_order_relaxed);
        mean_.store(sum / static_cast<float>(known), std::memory_order_relaxed);
        last_ns_.store(now_ns, std::memory_order_relaxed);
    }
    /// 0 = nothing was measured since `oldest_ns`.
    float mean(std::int64_t oldest_ns) const {
        return last_ns_.load(std::memory_order_relaxed) < oldest_ns
                   ? 0
                   : mean_.load(std::memory_order_relaxed);
    }

  private:
    std::atomic<float> mean_{0};
    std::atomic<std::int64_t> last_ns_{INT64_MIN};
    std::atomic<std::uint32_t> count_{0};
    std::array<std::atomic<float>, kLength> samples_{};
};

}  // namespace patchbay
