// Which lanes have seen a prompt's beginning, or a session, lately.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace patchbay {

/// 65,536 notes of 8 bytes in buckets of eight; a new note takes the place of the oldest of its
/// bucket, and a key has up to four lanes. What is forgotten or confused costs a provider's cache
/// hit and nothing else, so a note keeps 24 bits of its key. Any thread, no locks.
class Homes {
  public:
    static constexpr std::size_t kWays = 8;
    static constexpr std::size_t kBuckets = 8192;
    static constexpr std::size_t kMostOfKey = 4;

    /// The lane was sent what has this key, at `second` of the steady clock.
    void remember(std::uint64_t key, std::uint32_t lane, std::uint32_t second) {
        auto& bucket = buckets_[key % kBuckets];
        const std::uint64_t wanted = tag_of(key) | lane_bits(lane);
        std::size_t oldest = 0;
        std::size_t oldest_own = 0;
        std::size_t own = 0;
        std::uint32_t age = 0;
        std::uint32_t own_age = 0;
        for (std::size_t i = 0; i < kWays; ++i) {
            const std::uint64_t word = bucket[i].load(std::memory_order_relaxed);
            if (word != 0 && (word & ~kSecondMask) == wanted)
                return store(bucket[i], wanted, second);
            const std::uint32_t its = word == 0 ? kSecondMask : age_of(word, second);
            if (its >= age) {
                age = its;
                oldest = i;
            }
            if (word == 0 || (word & kTagMask) != tag_of(key)) continue;
            ++own;
            if (its >= own_age) {
                own_age = its;
                oldest_own = i;
            }
        }
        store(bucket[own >= kMostOfKey ? oldest_own : oldest], wanted, second);
    }

    /// Calls f(lane, age in seconds) for each lane of the key, in no order.
    template <class F>
    void find(std::uint64_t key, std::uint32_t second, F f) const {
        for (const auto& note : buckets_[key % kBuckets]) {
            const std::uint64_t word = note.load(std::memory_order_relaxed);
            if (word == 0 || (word & kTagMask) != tag_of(key)) continue;
            f(static_cast<std::uint32_t>(word >> kSecondBits & kLaneMask), age_of(word, second));
        }
    }

  private:
    // A word: 24 bits of the key, 18 of the lane, 22 of the second (48 days), which are never all 0.
    static constexpr unsigned kSecondBits = 22;
    static constexpr unsigned kLaneBits = 18;
    static constexpr std::uint64_t kSecondMask = (std::uint64_t{1} << kSecondBits) - 1;
    static constexpr std::uint64_t kLaneMask = (std::uint64_t{1} << kLaneBits) - 1;
    static constexpr std::uint64_t kTagMask = ~std::uint64_t{0} << (kSecondBits + kLaneBits);
    using Note = std::atomic<std::uint64_t>;

    static std::uint64_t tag_of(std::uint64_t key) { return key & kTagMask; }
    static std::uint64_t lane_bits(std::uint32_t lane) { return (lane & kLaneMask) << kSecondBits; }
    static void store(Note& note, std::uint64_t name, std::uint32_t second) {
        const std::uint64_t time = (second & kSecondMask) | 1;
        note.store(name | time, std::memory_order_relaxed);
    }
    static std::uint32_t age_of(std::uint64_t word, std::uint32_t second) {
        const std::uint64_t age = ((second | 1) - (word & kSecondMask)) & kSecondMask;
        // A note from another thread may be a moment ahead.
        return age > kSecondMask / 2 ? 0 : static_cast<std::uint32_t>(age);
    }

    std::array<std::array<Note, kWays>, kBuckets> buckets_{};
};

}  // namespace patchbay
