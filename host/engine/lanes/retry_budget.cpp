#include "engine/lanes/retry_budget.hpp"

namespace patchbay {

namespace {

std::uint64_t second_of(std::int64_t now_ns) {
    return static_cast<std::uint64_t>(now_ns / 1'000'000'000);
}

}  // namespace

std::atomic<std::uint64_t>& RetryBudget::slot(std::int64_t now_ns) {
    const std::uint64_t second = second_of(now_ns);
    auto& slot = slots_[second % kSeconds];
    std::uint64_t word = slot.load(std::memory_order_relaxed);
    // Who comes first in a second clears what stood there.
    if (word >> 48 != (second & 0xffff)) {
        slot.compare_exchange_strong(word, (second & 0xffff) << 48, std::memory_order_relaxed);
    }
    return slot;
}

bool RetryBudget::take(std::int64_t now_ns) {
    const std::uint64_t second = second_of(now_ns);
    std::uint64_t calls = 0;
    std::uint64_t retries = 0;
    for (const auto& slot : slots_) {
        const std::uint64_t word = slot.load(std::memory_order_relaxed);
        if (((second - (word >> 48)) & 0xffff) >= kSeconds) continue;
        calls += word >> 24 & kCountMask;
        retries += word & kCountMask;
    }
    if (retries >= kLeast + calls / 2) return false;
    slot(now_ns).fetch_add(kRetry, std::memory_order_relaxed);
    return true;
}

}  // namespace patchbay
