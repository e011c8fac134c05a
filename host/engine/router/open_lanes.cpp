#include "engine/router/open_lanes.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "engine/lanes/lane_health.hpp"
#include "engine/router/rests.hpp"
#include "engine/router/strategies.hpp"

namespace patchbay {

namespace {

constexpr int kMostMisses = 64;  ///< about what a look at all costs

}  // namespace

OpenLanes::OpenLanes(const GroupTables& group, LaneSet all)
    : group_(group), set_(std::move(all)), settled_(true) {}

OpenLanes::OpenLanes(const GroupTables& group, const RoutingSettings& settings, const Now& now,
                     LaneSet from, bool healthy, bool probes, const TokenNeed& need)
    : group_(group),
      now_(now),
      need_(need),
      set_(std::move(from)),
      rests_(group.table->resting().load(std::memory_order_relaxed) > 0),
      healthy_(healthy),
      probes_(probes),
      rates_(group.has_rates),
      hard_(rates_are_limits(group, settings)) {
    settled_ = !rests_ && !healthy_ && !rates_ && !group.has_parallel;
}

bool OpenLanes::is_up(std::size_t place) const {
    LaneTable& table = *group_.table;
    const LaneIndex lane = group_.lanes[place];
    if (healthy_ && !is_healthy(table, lane, now_)) return false;
    if (!rests_) return true;
    const Awake state = awake(table, lane, now_);
    return state == Awake::yes || (state == Awake::probe && probes_);
}

bool OpenLanes::is_within_rates(std::size_t place) const {
    LaneTable& table = *group_.table;
    const LaneIndex lane = group_.lanes[place];
    const std::uint32_t rpm = group_.rpm[place];
    const std::uint32_t tpm = group_.tpm[place];
    const std::uint32_t minute = now_.minute();
    if ((rpm != GroupTables::kNoLimit && table.requests(lane).get(minute) >= rpm) ||
        (tpm != GroupTables::kNoLimit && table.tokens(lane).get(minute) >= tpm)) {
        return false;
    }
    const auto& limits = group_.token_limits;
    return !limits || have_room(*limits, place, tokens_to_hold(*limits, place, need_, minute),
                                table.prompt_tokens(lane), table.answer_tokens(lane));
}

bool OpenLanes::rates_hold() {
    if (hard_) return true;
    if (!rates_hold_) {
        rates_hold_ = set_.any_that(
            [&](std::size_t place) { return is_up(place) && is_within_rates(place); });
    }
    return *rates_hold_;
}

OpenLanes::Looked OpenLanes::look(std::size_t place) {
    if (!is_up(place)) return Looked::takes_none;
    if (rates_) {
        if (is_within_rates(place)) {
            rates_hold_ = true;
        } else if (rates_hold()) {
            return Looked::takes_none;
        }
    }
    if (!group_.has_parallel) return Looked::takes;
    const std::int32_t under_way =
        group_.table->in_flight(group_.lanes[place]).load(std::memory_order_relaxed);
    const auto used = static_cast<std::uint32_t>(std::max(under_way, 0));
    return used < group_.most_parallel[place] ? Looked::takes : Looked::has_no_slot;
}

bool OpenLanes::takes(std::size_t place) {
    if (settled_ || place == sure_) return set_.test(place);
    if (!set_.test(place)) return false;
    const Looked looked = look(place);
    if (looked == Looked::takes) return true;
    missed_slots_ = missed_slots_ || looked == Looked::has_no_slot;
    set_.reset(place);
    if (++misses_ >= kMostMisses) settle();
    return false;
}

// One of each row of lanes, then a second of each: those beside one another are often alike.
bool OpenLanes::any() {
    const std::size_t rows = set_.words();
    if (rows == 0) return false;
    for (std::size_t w = 0; !settled_ && !sure_; w = (w + 1) % rows) {
        if (set_.word(w) == 0) {
            if (!set_.any()) return false;
            continue;
        }
        const std::size_t place =
            w * LaneRow::kMost + static_cast<std::size_t>(std::countr_zero(set_.word(w)));
        if (takes(place)) sure_ = place;
    }
    return sure_ || set_.any();
}

void OpenLanes::take_out(std::size_t place) {
    set_.reset(place);
    if (sure_ == place) sure_.reset();
}

void OpenLanes::take_out(const LaneSet& places) {
    set_ -= places;
    if (sure_ && places.test(*sure_)) sure_.reset();
}

void OpenLanes::settle() {
    settled_ = true;
    if (rests_ || healthy_) {
        group_.take_out(set_, [&](std::size_t place, const LaneBlock& block, std::size_t at) {
            const bool was_well = block.rest_until[at].load(std::memory_order_relaxed) == 0 &&
                                  block.sick_until[at].load(std::memory_order_relaxed) == 0;
            return !was_well && !is_up(place);
        });
    }
    if (rates_ && rates_hold_ != false) {
        keep_within_rates(group_, hard_ || rates_hold_ == true, now_, need_, set_);
    }
    if (group_.has_parallel) {
        const std::size_t before = set_.count();
        keep_within_slots(group_, set_);
        missed_slots_ = missed_slots_ || set_.count() < before;
    }
    if (sure_) set_.set(*sure_);
}

}  // namespace patchbay
