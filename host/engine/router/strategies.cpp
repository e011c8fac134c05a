#include "engine/router/strategies.hpp"

#include <array>
#include <bit>

#include "engine/router/affinity.hpp"
#include "engine/router/p2c.hpp"

namespace patchbay {

// At random by weight. A draw that falls on one that may not be asked is drawn again, which is the
// weights among the others exactly; after eight the others are gone through.
std::size_t shuffle(const Choice& choice, Draw& draw) {
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

namespace {

// The one with the least, one of them at random if there are several. A word of the set at a time,
// so that a thousand equal ones are not a thousand writes.
template <class Value>
std::size_t least(const Choice& choice, Draw& draw, Value value) {
    const LaneSet& usable = choice.usable;
    LaneSet ties(usable.size());
    decltype(value(LaneIndex{0})) best{};
    bool found = false;
    std::size_t first = 0;  // the word in which the ties begin
    for (std::size_t w = 0; w < usable.words(); ++w) {
        std::uint64_t tied = 0;
        for (std::uint64_t left = usable.word(w); left != 0; left &= left - 1) {
            const auto place = w * 64 + static_cast<std::size_t>(std::countr_zero(left));
            const auto one = value(choice.group.lanes[place]);
            if (found && best < one) continue;
            if (!found || one < best) {
                found = true;
                best = one;
                first = w;
                tied = 0;
            }
            tied |= left & -left;
        }
        ties.set_word(w, tied);
    }
    for (std::size_t w = 0; w < first; ++w) ties.set_word(w, 0);
    const std::size_t count = ties.count();
    return ties.nth(count > 1 ? draw.below(static_cast<std::uint32_t>(count)) : 0);
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
    const std::uint32_t oldest = LatencyMean::seconds_of(
        choice.now.ns() - std::chrono::nanoseconds(choice.settings.latency_ttl).count());
    const auto mean = [&](LaneIndex lane) {
        float known = choice.stream ? table.first_token(lane).get(oldest) : 0;
        if (known <= 0) known = table.latency(lane).get(oldest);
        if (known > 0) return known;
        constexpr float kBeingMeasured = 1e6F;
        return table.in_flight(lane).load(std::memory_order_relaxed) > 0 ? kBeingMeasured : 0.0F;
    };
    const double buffer = choice.settings.latency_buffer;
    if (buffer <= 0) return least(choice, draw, mean);
    float best = std::numeric_limits<float>::max();
    choice.usable.for_each(
        [&](std::size_t place) { best = std::min(best, mean(choice.group.lanes[place])); });
    const float most = best * (1 + static_cast<float>(buffer));
    LaneSet near(choice.usable.size());
    choice.usable.for_each([&](std::size_t place) {
        if (mean(choice.group.lanes[place]) <= most) near.set(place);
    });
    const auto count = static_cast<std::uint32_t>(near.count());
    // Somebody else's sample may have come between the two looks.
    return count > 0 ? near.nth(draw.below(count)) : choice.usable.nth(0);
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
    if (choice.settings.affinity.any()) {
        if (const auto home = kept_home(choice)) return *home;
    }
    return row_of(choice.settings.strategy).pick(choice, draw);
}

bool learns(Strategy strategy) {
    return row_of(strategy).learns;
}

bool wants_prefix(Strategy strategy) {
    return row_of(strategy).prefix;
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
