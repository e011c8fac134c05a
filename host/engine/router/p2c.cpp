#include "engine/router/p2c.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace patchbay {

namespace {

// Costs while nobody has answered yet, so that load counts from the first call on; seconds.
constexpr double kLeastTime = 0.001;
constexpr double kLeastGood =
    0.1;  ///< of one that always fails, so that infinities are not compared
constexpr double kUnmeasuredLoad = 8;  ///< of an attempt where nobody knows how that will go

double expected_answer(const GroupMeans& means, std::int64_t most) {
    const double mean = static_cast<double>(means.answer.last());
    return most > 0 ? std::min(mean, static_cast<double>(most)) : mean;
}

using Measured = LaneLoad::Measured;

// Nothing is under way there that would tell how it does; else nullopt.
std::optional<Measured> measured_if_idle(const Choice& choice, std::size_t place) {
    const GroupTables& group = choice.group;
    const LaneLoad& lane = group.table->load(group.lanes[place]);
    if (lane.tokens() > 0 || group.weights.of(place) <= 0) return std::nullopt;
    return lane.measured(choice.now);
}

// Another one than `first`; the same if there is none.
std::size_t another(const Choice& choice, std::size_t first, Draw& draw) {
    constexpr int kTries = 8;
    for (int i = 0; i < kTries; ++i) {
        if (const std::size_t second = shuffle(choice, draw); second != first) return second;
    }
    choice.settle();
    const std::size_t count = choice.usable.count();
    if (count < 2) return first;
    const std::size_t at = draw.below(static_cast<std::uint32_t>(count - 1));
    const std::size_t second = choice.usable.nth(at);
    return second == first ? choice.usable.nth(count - 1) : second;
}

}  // namespace

std::int64_t expected_tokens(const GroupMeans& means, std::int64_t prompt,
                             std::int64_t most_answer) {
    return prompt + std::llround(expected_answer(means, most_answer)) + 1;
}

double lane_cost(const Choice& choice, std::size_t place) {
    const GroupTables& group = choice.group;
    const GroupMeans& means = group.memory->means;
    const LaneLoad& lane = group.table->load(group.lanes[place]);
    const std::int64_t now = choice.now.ns();
    const double share =
        group.weights.of(place) * static_cast<double>(group.weights.size()) / group.weight_sum;
    if (share <= 0) return std::numeric_limits<double>::infinity();
    const float usual = means.first_token[prompt_class(choice.prompt_tokens)].last();
    const float first =
        std::max(lane.slowness.get(now, 1) * usual, choice.stream ? lane.silence(choice.now) : 0);
    const double answer = expected_answer(means, choice.answer_tokens) *
                          static_cast<double>(lane.per_token.get(now, means.per_token.last()));
    const double call = std::max(static_cast<double>(means.call.last()), 1.0);
    const double each = lane.measured(choice.now) == Measured::lately ? 1 : kUnmeasuredLoad;
    const double load = 1 + each * static_cast<double>(lane.tokens()) / (call * share);
    const double good = std::max(1 - static_cast<double>(lane.failing.get(now, 0)), kLeastGood);
    return std::max(static_cast<double>(first) + answer, kLeastTime) * load / (good * good) *
           static_cast<double>(lane.scarcity(choice.now));
}

std::size_t p2c_ewma(const Choice& choice, Draw& draw) {
    const std::size_t first = shuffle(choice, draw);
    const std::size_t second = another(choice, first, draw);
    if (second == first) return first;
    const auto of_first = measured_if_idle(choice, first);
    const bool first_is_due = of_first && *of_first != Measured::lately;
    if (first_is_due || measured_if_idle(choice, second) == Measured::never) {
        if (choice.why) *choice.why += "to measure it";
        return first_is_due ? first : second;
    }
    const double one = lane_cost(choice, first);
    const double other = lane_cost(choice, second);
    if (choice.why) {
        *choice.why += std::to_string(std::llround(std::min(one, 1e9) * 1000)) + " against " +
                       std::to_string(std::llround(std::min(other, 1e9) * 1000));
    }
    return other < one ? second : first;
}

}  // namespace patchbay
