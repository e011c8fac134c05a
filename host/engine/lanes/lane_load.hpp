// How busy a lane is, in tokens, and how it has served lately: what `p2c-ewma` and
// `prefix-affinity` go by.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

#include "engine/lanes/clock.hpp"
#include "engine/lanes/ewma.hpp"

namespace patchbay {

/// Prompts of one class are compared with one another: up to 1k, 8k and 32k tokens, and more.
inline constexpr std::size_t kPromptClasses = 4;
constexpr std::size_t prompt_class(std::int64_t tokens) {
    return tokens <= 1'000 ? 0 : tokens <= 8'000 ? 1 : tokens <= 32'000 ? 2 : 3;
}

/// What the deployments of a group do on average: the measure of each of them. Any thread.
struct GroupMeans {
    static constexpr float kShare = 1.0F / 64;  ///< of a sample

    std::array<Ewma, kPromptClasses> first_token;  ///< seconds
    Ewma per_token;                                ///< seconds for one of the answer
    Ewma answer;                                   ///< tokens of an answer
    Ewma call;                                     ///< tokens of question and answer

    void add(Ewma& mean, double x, const Now& now) {
        mean.add(static_cast<float>(x), kShare, now.ns());
    }
};

/// One lane's. Any thread; of two events in the same instant one may count for the other.
class LaneLoad {
  public:
    /// An attempt of so many tokens begins; `waits`: it is a stream, of which a first token comes
    /// before its end.
    void begin(std::int64_t tokens, bool waits, const Now& now) {
        tokens_.fetch_add(tokens, std::memory_order_relaxed);
        if (waits && waiting_.fetch_add(1, std::memory_order_relaxed) == 0) {
            heard_.store(now.ns(), std::memory_order_relaxed);
        }
    }
    /// One that waited has said something.
    void heard(const Now& now) {
        if (waiting_.fetch_sub(1, std::memory_order_relaxed) > 1) {
            heard_.store(now.ns(), std::memory_order_relaxed);
        }
    }
    /// One that waited is given up.
    void left() { waiting_.fetch_sub(1, std::memory_order_relaxed); }
    void end(std::int64_t tokens) { tokens_.fetch_sub(tokens, std::memory_order_relaxed); }

    /// Tokens of the attempts under way.
    std::int64_t tokens() const {
        return std::max<std::int64_t>(tokens_.load(std::memory_order_relaxed), 0);
    }
    /// For how many seconds nothing was heard although streams wait for their first token: a lane
    /// that hangs is known by it before any attempt has ended. 0 = none waits.
    float silence(const Now& now) const {
        if (waiting_.load(std::memory_order_relaxed) <= 0) return 0;
        const std::int64_t ns = now.ns() - heard_.load(std::memory_order_relaxed);
        return static_cast<float>(static_cast<double>(std::max<std::int64_t>(ns, 0)) * 1e-9);
    }

    /// The provider says what share of its limit is left, and how long that holds.
    void told_left(float share, std::chrono::seconds valid, const Now& now) {
        const auto until = static_cast<std::uint64_t>(now.ns() / kSecond + valid.count());
        const auto parts = static_cast<std::uint64_t>(share * kParts);
        left_.store(until << 32 | parts, std::memory_order_relaxed);
    }
    /// By how much a call here is dearer for that: 1 where a tenth or more is left or nothing is said, up
    /// to 10 where nothing is.
    float scarcity(const Now& now) const {
        const std::uint64_t word = left_.load(std::memory_order_relaxed);
        if (word >> 32 < static_cast<std::uint64_t>(now.ns() / kSecond)) return 1;
        const float share = static_cast<float>(word & 0xffffffff) / kParts;
        return share >= kEnough ? 1 : kEnough / std::max(share, kLeast);
    }

    /// When an attempt last said how the lane does: a stream's first token, any answer or failure.
    enum class Measured : std::uint8_t { never, long_ago, lately };
    Measured measured(const Now& now) const {
        if (slowness.told_within(kLately, now.ns()) || failing.told_within(kLately, now.ns())) {
            return Measured::lately;
        }
        return slowness.known() || failing.known() ? Measured::long_ago : Measured::never;
    }

    Ewma
        slowness;  ///< time to the first token by what the group needs for such a prompt; 1 = as it
    Ewma per_token;  ///< seconds for a token of the answer
    Ewma failing;    ///< share of the attempts that failed

    std::atomic<std::uint32_t> seconds_begun{0};  ///< attempts here beside one that said nothing
    std::atomic<std::uint32_t> seconds_won{0};    ///< of them, those that were first

  private:
    static constexpr float kLately = 6 * Ewma::kDecaySeconds;  ///< then a 400th of it is left
    static constexpr std::int64_t kSecond = 1'000'000'000;
    static constexpr float kParts = 1e6F;
    static constexpr float kEnough = 0.1F;
    static constexpr float kLeast = 0.01F;

    std::atomic<std::uint64_t> left_{0};  ///< second of the steady clock << 32 | millionths
    std::atomic<std::int64_t> tokens_{0};
    std::atomic<std::int64_t> heard_{0};
    std::atomic<std::int32_t> waiting_{0};
};

}  // namespace patchbay
