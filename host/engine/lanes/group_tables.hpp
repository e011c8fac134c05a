// What routing must know of a model group, laid out for looking at all of it at once.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "config/routing.hpp"
#include "engine/lanes/group_memory.hpp"
#include "engine/lanes/lane_row.hpp"
#include "engine/lanes/lane_set.hpp"
#include "engine/lanes/lane_table.hpp"
#include "engine/lanes/ring.hpp"
#include "engine/lanes/weights.hpp"

namespace patchbay {

class Instance;
struct CacheRule;

/// What a token costs in billionths of a dollar; 1 each where some deployment of the group has no
/// price.
struct TokenPrices {
    double in = 1;
    double cached = 1;
    double out = 1;
};

/// Of a group that hedges.
struct HedgeTables {
    double share = 0;  ///< of what calls cost that may be spent on second attempts
    Hedges* hedges = nullptr;
    std::vector<Spread*> spreads;  ///< by place
    std::vector<TokenPrices> prices;
};

/// Of a group in which somebody has `itpm` or `otpm`; by place, kNoLimit = none.
struct TokenLimits {
    std::vector<std::uint32_t> prompts;
    std::vector<std::uint32_t> answers;
    std::vector<std::uint32_t> usual_answer;  ///< Deployment::usual_answer
};

/// A place is an index into the group's deployments, and into each of the vectors here. Made with
/// the snapshot and never changed.
struct GroupTables {
    static constexpr std::uint32_t kNoLimit = std::numeric_limits<std::uint32_t>::max();

    std::shared_ptr<LaneTable> table;
    std::shared_ptr<GroupMemory> memory;  ///< of the group's name; outlives the snapshot
    /// Of other groups in which its deployments are, too: who waits there is told when a place is free.
    std::vector<std::shared_ptr<GroupMemory>> kin;
    OwnRouting own;  ///< in place of what holds for all groups
    std::vector<LaneIndex> lanes;

    std::vector<std::uint32_t> operations;  ///< bits of what each can be asked
    std::uint32_t common_operations = 0;    ///< what all of them can be asked
    std::vector<LaneSet> levels;            ///< by `order`, the lowest first; at least one
    std::map<std::string, LaneSet, std::less<>> by_tag;
    LaneSet rests;  ///< who may be made to rest: not what stands for any model
    /// Whose model is known, but not to take a schema for its answer.
    LaneSet no_schema;
    LaneSet refuses_schema;  ///< of those: `model_info` says that it takes none
    LaneSet no_pictures;     ///< whose `model_info` says that the model sees nothing
    LaneSet limited;  ///< whose operations go by the model that is asked for (Deployment::limits)
    LaneSet all;

    Weights weights;  ///< of simple-shuffle
    double weight_sum = 0;
    std::vector<std::uint32_t> by_price;  ///< places, the cheapest first
    std::vector<std::uint32_t> rpm, tpm;  ///< kNoLimit = none
    std::optional<TokenLimits> token_limits;
    std::vector<std::uint32_t> most_parallel;
    std::vector<std::int64_t> max_input;    ///< tokens; 0 = not known
    std::vector<std::int64_t> cooldown_ms;  ///< -1 = the router's
    bool has_rates = false;                 ///< some rpm, tpm, itpm or otpm
    bool has_parallel = false;
    /// Who goes by which plugin instance, whose breaker may be open. One element for nearly all.
    std::vector<std::pair<const Instance*, LaneSet>> by_instance;

    // Of prefix-affinity; empty under the other strategies.
    Homes* homes = nullptr;  ///< of `table`
    Ring ring;
    std::vector<const CacheRule*> cache_rules;
    std::vector<std::pair<LaneIndex, std::uint32_t>> by_lane;  ///< lanes with their places, sorted

    std::optional<HedgeTables> hedge;  ///< nullopt: the group makes no second attempts

    /// The lanes of the places in word `w` of a set.
    LaneRow row(std::size_t w) const {
        const std::size_t from = w * LaneRow::kMost;
        return {*table,
                std::span(lanes).subspan(from, std::min(LaneRow::kMost, lanes.size() - from))};
    }
    /// Takes out of `from` all for which `is(place, block, at)` says so, as LaneRow::each() tells of them.
    template <class Is>
    void take_out(LaneSet& from, Is is) const {
        for (std::size_t w = 0; w < from.words(); ++w) {
            if (from.word(w) == 0) continue;
            std::uint64_t out = 0;
            row(w).each([&](std::size_t i, const LaneBlock& block, std::size_t at) {
                out |= std::uint64_t{is(w * LaneRow::kMost + i, block, at)} << i;
            });
            from.set_word(w, from.word(w) & ~out);
        }
    }

    /// Who can be asked one of the operations with these bits.
    LaneSet asked(std::uint32_t bits) const {
        if ((bits & common_operations) != 0) return all;
        LaneSet set(operations.size());
        for (std::size_t i = 0; i < operations.size(); ++i) {
            if ((operations[i] & bits) != 0) set.set(i);
        }
        return set;
    }
};

}  // namespace patchbay
