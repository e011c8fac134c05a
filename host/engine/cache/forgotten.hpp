// Answers that are forgotten stay forgotten, though some of them are still on their way.
//
// A call may be asking its provider when all answers are flushed, a write may be waiting for the disk,
// an entry may have been read and not yet been kept elsewhere. So whoever wants to keep something says
// since when it was asked for, and a store takes it, under the lock under which it forgets, only if
// nothing was forgotten since then.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <span>

#include "engine/cache/key.hpp"

namespace patchbay {

/// A key, and since when its answer is asked for. Made by Forgotten::ask(), which it must not outlive.
class CacheAsk {
  public:
    const CacheKey& key() const { return key_; }
    /// Has nothing been forgotten since? A store that says so under the lock of its own clear() takes
    /// nothing in that the clear() should have taken out. False for good once it is.
    bool holds() const {
        return (since_ & kUnderWay) == 0 && state_->load(std::memory_order_acquire) == since_;
    }
    /// Asked for in the same time, with the same key.
    bool operator==(const CacheAsk& other) const {
        return since_ == other.since_ && key_ == other.key_;
    }

  private:
    friend class Forgotten;
    static constexpr std::uint64_t kUnderWay =
        0xffff;  ///< the bits that count forgettings under way

    CacheAsk(const CacheKey& key, const std::atomic<std::uint64_t>& state)
        : key_(key), state_(&state), since_(state.load(std::memory_order_acquire)) {}

    CacheKey key_;
    const std::atomic<std::uint64_t>* state_;
    std::uint64_t since_;
};

struct CacheAskHash {
    std::size_t operator()(const CacheAsk& ask) const { return CacheKeyHash{}(ask.key()); }
};

/// How often answers were forgotten. Any thread; no locks. Keys are counted in kParts parts, so that
/// what is forgotten by its key costs few others the answers that they are waiting for.
class Forgotten {
  public:
    static constexpr std::size_t kParts = 256;

    CacheAsk ask(const CacheKey& key) const { return {key, parts_[part_of(key)]}; }

    /// Stands around the stores' erase() or clear(): what was asked for before or meanwhile is not kept.
    class Span {
      public:
        ~Span();
        Span(const Span&) = delete;
        Span& operator=(const Span&) = delete;

      private:
        friend class Forgotten;
        explicit Span(std::span<std::atomic<std::uint64_t>> parts);
        std::span<std::atomic<std::uint64_t>> parts_;
    };
    Span forget(const CacheKey& key) { return Span(std::span(parts_).subspan(part_of(key), 1)); }
    Span forget_all() { return Span(parts_); }

  private:
    // Another byte than those by which tables and the shards of the memory go.
    static std::size_t part_of(const CacheKey& key) { return key.digest[key.digest.size() / 2]; }

    /// Each: forgettings that were begun, and in the low bits those of them that have not ended.
    std::array<std::atomic<std::uint64_t>, kParts> parts_{};
};

}  // namespace patchbay
