#include "engine/router/strategies.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "engine/router/affinity.hpp"
#include "engine/router/least.hpp"
#include "engine/router/p2c.hpp"

namespace patchbay {

// At random by weight. A draw that falls on one that may not be asked is drawn again, which is the
// weights among the others exactly; after eight the others are gone through.
std::size_t shuffle(const Choice& choice, Draw& draw) {
    const Weights& weights = choice.group.weights;
    for (int tries = 0; tries < 8; ++tries) {
        const std::size_t place = weights.pick(draw.bits());
        if (choice.may_take(place)) return place;
    }
    choice.settle();
    double sum = 0;
    choice.usable.for_each([&](std::size_t place) { sum += weights.of(place); });
    if (sum <= 0) {
        return choice.usable.nth(draw.below(static_cast<std::uint32_t>(choice.usable.count())));
    }
    double left = draw.uniform() * sum;
    std::size_t found = 0;
    bool over = false;
    choice.usable.for_each([&](std::size_t place) {
        if (over || weights.of(place) <= 0) return;
        found = place;
        left -= weights.of(place);
        over = left < 0;
    });
    return found;
}

namespace {

std::size_t least_busy(const Choice& choice, Draw& draw) {
    return least(choice, draw, [](const LaneRow& row, RowValues& values) {
        row.each([&](std::size_t i, const LaneBlock& block, std::size_t at) {
            values[i] = block.in_flight[at].load(std::memory_order_relaxed);
        });
    });
}

std::size_t usage_based(const Choice& choice, Draw& draw) {
    const std::uint32_t minute = choice.now.minute();
    return least(choice, draw, [minute](const LaneRow& row, RowValues& values) {
        row.each([&](std::size_t i, const LaneBlock& block, std::size_t at) {
            values[i] = ordered(block.tokens[at].get(minute));
        });
    });
}

// What was never measured counts as 0, so that it is; but only while nobody is measuring it, or all
// would go there at once. Whether somebody is, is asked of who would be chosen.
class Latencies {
  public:
    explicit Latencies(const Choice& choice)
        : stream_(choice.stream),
          oldest_(LatencyMean::seconds_of(
              choice.now.ns() - std::chrono::nanoseconds(choice.strategy().latency_ttl).count())) {}

    void operator()(const LaneRow& row, RowValues& values) const {
        const std::uint32_t oldest = oldest_;
        const auto means = stream_ ? &LaneBlock::first_token : &LaneBlock::latency;
        std::uint32_t old = 0;
        row.each([&, oldest, means](std::size_t i, const LaneBlock& block, std::size_t at) {
            const std::uint64_t word = (block.*means)[at].word();
            old += LatencyMean::is_older(word, oldest) ? 1 : 0;
            values[i] = LatencyMean::bits(word);
        });
        for (std::size_t i = 0; old > 0 && i < row.size(); ++i) {
            values[i] = ordered(row.table().renew_latency(row.lane(i), stream_, oldest));
        }
    }
    static constexpr std::int32_t kNotKnown = ordered(0.0F);
    static constexpr std::int32_t kBeingMeasured = ordered(1e6F);

  private:
    bool stream_;
    std::uint32_t oldest_;
};

std::size_t latency_based(const Choice& choice, Draw& draw) {
    const float within = 1 + static_cast<float>(choice.strategy().latency_buffer);
    const auto most = [within](std::int32_t best) {
        return within > 1 ? ordered(std::bit_cast<float>(best) * within) : best;
    };
    const auto exact = [&](std::size_t place, std::int32_t value) {
        if (value != Latencies::kNotKnown) return value;
        const std::int32_t under_way = choice.group.table->in_flight(choice.group.lanes[place])
                                           .load(std::memory_order_relaxed);
        return under_way > 0 ? Latencies::kBeingMeasured : value;
    };
    return near_least(choice, draw, Latencies(choice), most, exact);
}

std::size_t cost_based(const Choice& choice, Draw&) {
    for (const std::uint32_t place : choice.group.by_price) {
        if (choice.may_take(place)) return place;
    }
    return choice.usable.nth(0);
}

struct StrategyRow {
    Strategy strategy;
    std::size_t (*pick)(const Choice& choice, Draw& draw);
    bool hard_rates = false;  ///< rpm and tpm are limits, not a preference
    bool learns = false;
    bool prefix = false;
};

constexpr auto kRows = std::to_array<StrategyRow>({
    {Strategy::simple_shuffle, shuffle},
    {Strategy::least_busy, least_busy},
    {Strategy::latency_based, latency_based, true},
    {Strategy::usage_based, usage_based},
    {Strategy::usage_based_v2, usage_based, true},
    {Strategy::cost_based, cost_based, true},
    {Strategy::p2c_ewma, p2c_ewma, false, true},
    {Strategy::prefix_affinity, prefix_affinity, false, true, true},
});

const StrategyRow& row_of(Strategy strategy) {
    return kRows[static_cast<std::size_t>(strategy)];
}

}  // namespace

std::size_t pick(const Choice& choice, Draw& draw) {
    if (choice.affinity().any()) {
        if (const auto home = kept_home(choice)) return *home;
    }
    return row_of(choice.strategy().strategy).pick(choice, draw);
}

bool learns(Strategy strategy) {
    return row_of(strategy).learns;
}

bool wants_prefix(Strategy strategy) {
    return row_of(strategy).prefix;
}

bool rates_are_limits(const GroupTables& group, const RoutingSettings& settings) {
    return settings.enforce_rate_limits ||
           row_of(group.own.strategy_or(settings).strategy).hard_rates;
}

void keep_within_rates(const GroupTables& group, const RoutingSettings& settings, const Now& now,
                       const TokenNeed& need, LaneSet& usable) {
    keep_within_rates(group, rates_are_limits(group, settings), now, need, usable);
}

void keep_within_rates(const GroupTables& group, bool always, const Now& now, const TokenNeed& need,
                       LaneSet& usable) {
    if (!group.has_rates) return;
    LaneSet within = usable;
    const std::uint32_t minute = now.minute();
    const TokenLimits* const limits = group.token_limits ? &*group.token_limits : nullptr;
    group.take_out(within, [&](std::size_t place, const LaneBlock& block, std::size_t at) {
        const std::uint32_t rpm = group.rpm[place];
        const std::uint32_t tpm = group.tpm[place];
        const bool calls = rpm != GroupTables::kNoLimit && block.requests[at].get(minute) >= rpm;
        const bool tokens = tpm != GroupTables::kNoLimit && block.tokens[at].get(minute) >= tpm;
        if (calls || tokens || limits == nullptr) return calls || tokens;
        return !have_room(*limits, place, tokens_to_hold(*limits, place, need, minute),
                          block.prompt_tokens[at], block.answer_tokens[at]);
    });
    if (always || within.any()) usable = within;
}

void keep_within_slots(const GroupTables& group, LaneSet& usable) {
    if (!group.has_parallel) return;
    group.take_out(usable, [&](std::size_t place, const LaneBlock& block, std::size_t at) {
        const std::int32_t under_way = block.in_flight[at].load(std::memory_order_relaxed);
        return static_cast<std::uint32_t>(std::max(under_way, 0)) >= group.most_parallel[place];
    });
}

}  // namespace patchbay
