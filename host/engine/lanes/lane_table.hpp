// What the process knows of the deployments it sends to: how many attempts are under way, what the
// minute has used, how long answers take, who rests.
//
// It belongs to the process, not to an event loop: with eight loops each would see an eighth of the
// failures, and eight times a limit would pass. All of it is relaxed atomics in arrays, one for
// each fact, so that a strategy that looks at a thousand deployments reads a few kilobytes in a
// row.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "config/routing.hpp"
#include "engine/lanes/clock.hpp"
#include "engine/lanes/homes.hpp"
#include "engine/lanes/lane_load.hpp"
#include "engine/lanes/latency_list.hpp"
#include "engine/lanes/minute_count.hpp"
#include "engine/lanes/spread.hpp"

namespace patchbay {

using LaneIndex = std::uint32_t;

/// What is known of one lane's failures. Only rests.hpp changes it.
struct LaneFailures {
    MinuteCount good;
    MinuteCount bad;
    std::atomic<std::uint32_t> unreachable_in_row{0};
    std::atomic<std::uint64_t> allowed{0};  ///< of `allowed_fails`: window's end (s) << 32 | fails
    /// Likewise, of a deployment's own `allowed_fails_policy`, by PolicyClass.
    std::array<std::atomic<std::uint64_t>, kPolicyClasses> allowed_of{};
    std::atomic<std::uint32_t> failed_probes{0};
    std::atomic<std::uint32_t> rests{0};       ///< how often it was sent to rest
    std::atomic<std::int64_t> probe_until{0};  ///< a probe is under way, at most so long; ns
};

/// 256 lanes; the arrays are indexed by the low bits of a LaneIndex.
struct LaneBlock {
    static constexpr std::size_t kSize = 256;
    template <class T>
    using Of = std::array<T, kSize>;

    Of<std::atomic<std::int32_t>> in_flight{};   ///< attempts under way
    Of<std::atomic<std::int64_t>> rest_until{};  ///< ns of the steady clock; 0 = it does not rest
    Of<std::atomic<std::int64_t>> sick_until{};  ///< likewise; lane_health.hpp
    Of<MinuteCount> requests{};                  ///< rpm
    Of<MinuteCount> tokens{};                    ///< tpm
    Of<MinuteCount> prompt_tokens{};             ///< itpm, of who has one
    Of<MinuteCount> answer_tokens{};             ///< otpm, likewise
    Of<LatencyMean> latency{};                   ///< seconds for a token, or for an answer
    Of<LatencyMean> first_token{};               ///< seconds; else what `latency` says
    Of<LatencyList> latencies{};                 ///< of which `latency` is the mean
    Of<LatencyList> first_tokens{};
    Of<LaneFailures> failures{};
    Of<LaneLoad> loads{};
    Of<std::unique_ptr<Spread>> spreads{};  ///< of lanes in groups that hedge
};

class LaneTable;

/// Keeps a lane; when the last one goes, what was known of the lane is forgotten.
class LaneHold {
  public:
    LaneHold(std::shared_ptr<LaneTable> table, std::string key, LaneIndex index)
        : table_(std::move(table)), key_(std::move(key)), index_(index) {}
    ~LaneHold();
    LaneHold(const LaneHold&) = delete;
    LaneHold& operator=(const LaneHold&) = delete;

    LaneIndex index() const { return index_; }

  private:
    std::shared_ptr<LaneTable> table_;
    std::string key_;
    LaneIndex index_;
};

/// Made with make_shared. take() is for who builds snapshots; the rest is for any thread and
/// neither locks nor allocates.
class LaneTable : public std::enable_shared_from_this<LaneTable> {
  public:
    static constexpr std::size_t kMostBlocks = 1024;

    /// The lane of this name, a deployment's id; new, or as it is known where somebody has it. A
    /// table that is full (262,144 lanes) gives one that is shared.
    std::shared_ptr<const LaneHold> take(const std::string& key);
    /// Where prompts and sessions were sent, kept from the first call of this on, as long as the
    /// table lives; half a megabyte. For who builds snapshots, too.
    Homes& homes();
    /// How the lane's first tokens spread; made with the first call, kept as long as the lane. For who
    /// builds snapshots.
    Spread& spread(LaneIndex i);

    std::atomic<std::int32_t>& in_flight(LaneIndex i) {
        return block(i).in_flight[place_in_block(i)];
    }
    std::atomic<std::int64_t>& rest_until(LaneIndex i) {
        return block(i).rest_until[place_in_block(i)];
    }
    std::atomic<std::int64_t>& sick_until(LaneIndex i) {
        return block(i).sick_until[place_in_block(i)];
    }
    MinuteCount& requests(LaneIndex i) { return block(i).requests[place_in_block(i)]; }
    MinuteCount& tokens(LaneIndex i) { return block(i).tokens[place_in_block(i)]; }
    MinuteCount& prompt_tokens(LaneIndex i) { return block(i).prompt_tokens[place_in_block(i)]; }
    MinuteCount& answer_tokens(LaneIndex i) { return block(i).answer_tokens[place_in_block(i)]; }
    const LatencyMean& latency(LaneIndex i) { return block(i).latency[place_in_block(i)]; }
    const LatencyMean& first_token(LaneIndex i) { return block(i).first_token[place_in_block(i)]; }
    void add_latency(LaneIndex i, float seconds, std::int64_t now_ns) {
        LaneBlock& of = block(i);
        const std::size_t at = place_in_block(i);
        of.latencies[at].add(seconds, now_ns, of.latency[at]);
        of.first_token[at].stand_in(of.latency[at]);
    }
    void add_first_token(LaneIndex i, float seconds, std::int64_t now_ns) {
        block(i).first_tokens[place_in_block(i)].add(seconds, now_ns,
                                                     block(i).first_token[place_in_block(i)]);
    }
    /// Forgets what is older than `oldest` (LatencyMean::get()), and tells what is left. A first token's is then the
    /// answers'.
    float renew_latency(LaneIndex i, bool first_token, std::uint32_t oldest) {
        LaneBlock& of = block(i);
        const std::size_t at = place_in_block(i);
        return first_token ? of.first_token[at].renew(oldest, &of.latency[at])
                           : of.latency[at].renew(oldest, nullptr);
    }
    LaneFailures& failures(LaneIndex i) { return block(i).failures[place_in_block(i)]; }
    LaneLoad& load(LaneIndex i) { return block(i).loads[place_in_block(i)]; }

    /// For who looks at many lanes (lane_row.hpp): where the facts of one are.
    const LaneBlock& block_of(LaneIndex i) { return block(i); }
    static std::size_t place_in_block(LaneIndex i) { return i % LaneBlock::kSize; }

    /// How many lanes rest or wait for their probe: 0 spares the look at each.
    std::atomic<std::int32_t>& resting() { return resting_; }
    /// The same for those whose health check failed.
    std::atomic<std::int32_t>& sick() { return sick_; }

  private:
    friend class LaneHold;
    LaneBlock& block(LaneIndex i) { return *blocks_[i / LaneBlock::kSize]; }
    void release(const std::string& key, LaneIndex index);
    void forget(LaneIndex index);

    std::array<std::unique_ptr<LaneBlock>, kMostBlocks> blocks_{};
    std::atomic<std::int32_t> resting_{0};
    std::atomic<std::int32_t> sick_{0};
    std::mutex mutex_;  ///< of what follows
    std::map<std::string, std::weak_ptr<const LaneHold>> held_;
    std::vector<LaneIndex> free_;
    LaneIndex next_ = 0;
    std::unique_ptr<Homes> homes_;
};

}  // namespace patchbay
