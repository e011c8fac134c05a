#include "engine/router/strategies.hpp"

#include <array>

namespace patchbay {

namespace {

// At random by weight. A draw that falls on one that may not be asked is drawn again, which is the
// weights among the others exactly; after eight the others are gone through.
std::size_t simple_shuffle(const Choice& choice, Draw& draw) {
    const Weights& weights = choice.group.weights;
    for (int tries = 0; tries < 8; ++tries) {
        const std::size_t place = weights.pick(draw.bits());
        if (choice.usable.test(place)) return place;
    }
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

// The one with the least, one of them at random if there are several.
template <class Value>
std::size_t least(const Choice& choice, Draw& draw, Value value) {
    using Number = decltype(value(LaneIndex{0}));
    std::size_t found = 0;
    Number best{};
    std::uint32_t ties = 0;
    choice.usable.for_each([&](std::size_t place) {
        const Number one = value(choice.group.lanes[place]);
        if (ties == 0 || one < best) {
            best = one;
            found = place;
            ties = 1;
        } else if (one == best && draw.below(++ties) == 0) {
            found = place;
        }
    });
    return found;
}

std::size_t least_busy(const Choice& choice, Draw& draw) {
    LaneTable& table = *choice.group.table;
    return least(choice, draw, [&](LaneIndex lane) {
        return table.in_flight(lane).load(std::memory_order_relaxed);
    });
}

std::size_t usage_based(const Choice& choice, Draw& draw) {
    LaneTable& table = *choice.group.table;
    const std::uint32_t minute = choice.now.minute();
    return least(choice, draw, [&](LaneIndex lane) { return table.tokens(lane).get(minute); });
}

// What was never measured counts as 0, so that it is; but only while nobody is measuring it, or all
// would go there at once.
std::size_t latency_based(const Choice& choice, Draw& draw) {
    LaneTable& table = *choice.group.table;
    const std::int64_t oldest =
        choice.now.ns() - std::chrono::nanoseconds(choice.settings.latency_ttl).count();
    const auto mean = [&](LaneIndex lane) {
        float known = choice.stream ? table.first_token(lane).mean(oldest) : 0;
        if (known <= 0) known = table.latency(lane).mean(oldest);
        if (known > 0) return known;
        constexpr float kBeingMeasured = 1e6F;
        return table.in_flight(lane).load(std::memory_order_relaxed) > 0 ? kBeingMeasured : 0.0F;
    };
    float best = std::numeric_limits<float>::max();
    choice.usable.for_each(
        [&](std::size_t place) { best = std::min(best, mean(choice.group.lanes[place])); });
    const float most = best * (1 + static_cast<float>(choice.settings.latency_buffer));
    std::size_t found = 0;
    std::uint32_t ties = 0;
    choice.usable.for_each([&](std::size_t place) {
        if (mean(choice.group.lanes[place]) > most) return;
        if (draw.below(++ties) == 0) found = place;
    });
    // Somebody else's sample may have come between the two looks.
    return ties > 0 ? found : choice.usable.nth(0);
}

std::size_t cost_based(const Choice& choice, Draw&) {
    for (const std::uint32_t place : choice.group.by_price) {
        if (choice.usable.test(place)) return place;
    }
    return choice.usable.nth(0);
}

struct StrategyRow {
    Strategy strategy;
    std::size_t (*pick)(const Choice& choice, Draw& draw);
    bool hard_rates;  ///< rpm and tpm are limits, not a preference
};

constexpr auto kRows = std::to_array<StrategyRow>({
    {Strategy::simple_shuffle, simple_shuffle, false},
    {Strategy::least_busy, least_busy, false},
    {Strategy::latency_based, latency_based, true},
    {Strategy::usage_based, usage_based, false},
    {Strategy::usage_based_v2, usage_based, true},
    {Strategy::cost_based, cost_based, true},
});

const StrategyRow& row_of(Strategy strategy) {
    return kRows[static_cast<std::size_t>(strategy)];
}

}  // namespace

std::size_t pick(const Choice& choice, Draw& draw) {
    return row_of(choice.settings.strategy).pick(choice, draw);
}

void keep_within_rates(const GroupTables& group, const RoutingSettings& settings, const Now& now,
                       LaneSet& usable) {
    if (!group.has_rates) return;
    LaneTable& table = *group.table;
    LaneSet over(usable.size());
    const std::uint32_t minute = now.minute();
    usable.for_each([&](std::size_t place) {
        const LaneIndex lane = group.lanes[place];
        const bool calls = group.rpm[place] != GroupTables::kNoLimit &&
                           table.requests(lane).get(minute) >= group.rpm[place];
        const bool tokens = group.tpm[place] != GroupTables::kNoLimit &&
                            table.tokens(lane).get(minute) >= group.tpm[place];
        if (calls || tokens) over.set(place);
    });
    LaneSet within = usable - over;
    const bool hard = settings.enforce_rate_limits || row_of(settings.strategy).hard_rates;
    if (hard || within.any()) usable = within;
}

void keep_within_slots(const GroupTables& group, LaneSet& usable) {
    if (!group.has_parallel) return;
    LaneTable& table = *group.table;
    const LaneSet all = usable;
    all.for_each([&](std::size_t place) {
        const auto under_way = static_cast<std::uint32_t>(
            std::max(table.in_flight(group.lanes[place]).load(std::memory_order_relaxed), 0));
        if (under_way >= group.most_parallel[place]) usable.reset(place);
    });
}

}  // namespace patchbay
