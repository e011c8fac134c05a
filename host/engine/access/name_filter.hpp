// A set of names that says at once of nearly every name that is not in it that it is not (Bloom's filter).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace patchbay::access {

/// A name that was added may be there for ever after; one that was not may look as if it were, of 100,000 in the set
/// one in 400. Names are added by any thread, and asked for by all without a lock.
class NameFilter {
  public:
    NameFilter() : words_(kWords) {}

    void add(std::string_view name) {
        each_bit(name, [this](std::size_t bit) {
            words_[bit / 64].fetch_or(std::uint64_t{1} << bit % 64, std::memory_order_release);
            return true;
        });
        any_.store(true, std::memory_order_release);
    }
    bool may_have(std::string_view name) const {
        if (!any_.load(std::memory_order_acquire)) return false;
        return each_bit(name, [this](std::size_t bit) {
            const std::uint64_t word = words_[bit / 64].load(std::memory_order_acquire);
            return (word >> bit % 64 & 1) != 0;
        });
    }

  private:
    static constexpr std::size_t kBits = std::size_t{1} << 20;  ///< 128 KiB
    static constexpr std::size_t kWords = kBits / 64;
    static constexpr int kHashes = 4;

    // Two halves of one hash make all others (Kirsch and Mitzenmacher).
    template <class Take>
    static bool each_bit(std::string_view name, Take take) {
        const std::uint64_t hash = std::hash<std::string_view>()(name);
        const std::uint64_t step = hash >> 32 | 1;
        for (int i = 0; i < kHashes; ++i) {
            const std::uint64_t at = hash + static_cast<std::uint64_t>(i) * step;
            if (!take(static_cast<std::size_t>(at % kBits))) return false;
        }
        return true;
    }

    std::vector<std::atomic<std::uint64_t>> words_;
    std::atomic<bool> any_{false};
};

}  // namespace patchbay::access
