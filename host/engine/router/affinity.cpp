#include "engine/router/affinity.hpp"

#include <algorithm>
#include <optional>

#include "engine/models/cache_rules.hpp"
#include "engine/router/p2c.hpp"

namespace patchbay {

namespace {

constexpr double kMostOfShare = 1.25;  ///< consistent hashing with bounded loads
constexpr double kFreeCalls = 2;       ///< so many mean calls are no load
constexpr double kMostSilence = 4;     ///< times what a first token takes
constexpr float kLeastSilence = 1;     ///< seconds
constexpr std::size_t kMostLookups = 64;
constexpr std::size_t kMostSteps = 64;

std::uint32_t second_of(const Now& now) {
    return static_cast<std::uint32_t>(now.ns() / 1'000'000'000);
}

/// Whether a deployment may be given one call more for affinity's sake.
class Bound {
  public:
    explicit Bound(const Choice& choice) : choice_(choice), table_(*choice.group.table) {
        const GroupMemory& memory = *choice.group.memory;
        const auto mine = static_cast<double>(
            expected_tokens(memory.means, choice.prompt_tokens, choice.answer_tokens));
        const auto all = static_cast<double>(
            std::max<std::int64_t>(memory.tokens.load(std::memory_order_relaxed), 0));
        const auto places = static_cast<double>(choice.group.lanes.size());
        room_of_all_ = kMostOfShare * (all + mine);
        free_ = kFreeCalls * std::max(static_cast<double>(memory.means.call.last()), mine);
        by_weight_ = places / choice.group.weight_sum;
        const float usual = memory.means.first_token[prompt_class(choice.prompt_tokens)].last();
        silence_ = std::max(kLeastSilence, static_cast<float>(kMostSilence) * usual);
    }
    bool allows(std::size_t place) const {
        if (!choice_.may_take(place)) return false;
        const LaneLoad& load = table_.load(choice_.group.lanes[place]);
        const double share = choice_.group.weights.of(place) * by_weight_;
        if (share <= 0) return false;
        const auto tokens = static_cast<double>(load.tokens());
        if (load.silence(choice_.now) > silence_) return false;
        if (tokens < share * free_ || has_room(tokens, share)) return true;
        // There is more where some of those that share it take no calls.
        choice_.settle();
        return has_room(tokens, share);
    }

  private:
    bool has_room(double tokens, double share) const {
        return tokens * static_cast<double>(choice_.usable.count()) < share * room_of_all_;
    }

    const Choice& choice_;
    LaneTable& table_;
    double room_of_all_ = 0;
    double free_ = 0;
    double by_weight_ = 0;
    float silence_ = 0;
};

std::optional<std::size_t> place_of(const GroupTables& group, LaneIndex lane) {
    const auto& all = group.by_lane;
    const auto found = std::lower_bound(all.begin(), all.end(), std::pair{lane, std::uint32_t{0}});
    if (found == all.end() || found->first != lane) return std::nullopt;
    return found->second;
}

bool keeps(const CacheRule& rule, const PrefixKey& key) {
    return key.tokens >= rule.least_tokens && (!rule.marked || key.before_mark);
}

/// Who may be asked at all, whatever its load.
class Usable {
  public:
    explicit Usable(const Choice& choice) : choice_(choice) {}
    bool allows(std::size_t place) const { return choice_.may_take(place); }

  private:
    const Choice& choice_;
};

/// Finds where a call belongs, among those that `Allowed` allows.
template <class Allowed>
class Search {
  public:
    explicit Search(const Choice& choice) : choice_(choice), bound_(choice) {}

    /// Who had this key in the last `seconds`.
    std::optional<std::size_t> home_within(std::uint64_t key, std::uint32_t seconds) const {
        return newest(key, [&](std::size_t, std::uint32_t age) { return age <= seconds; });
    }

    std::optional<std::size_t> known_home() const {
        const PrefixKeys& keys = *choice_.keys;
        if (keys.session != 0) return home_of(keys.session, nullptr);
        const std::size_t count = keys.blocks.size();
        const std::size_t last = count > kMostLookups ? count - kMostLookups : 0;
        for (std::size_t i = count; i-- > last;) {
            if (auto home = home_of(keys.blocks[i].hash, &keys.blocks[i])) return home;
        }
        if (keys.lead == 0 || keys.lead > last) return std::nullopt;
        return home_of(keys.blocks[keys.lead - 1].hash, &keys.blocks[keys.lead - 1]);
    }

    std::optional<std::size_t> place_on_ring() const {
        const Ring& ring = choice_.group.ring;
        if (ring.empty()) return std::nullopt;
        const std::size_t start = ring.start(choice_.keys->root);
        for (std::size_t i = 0; i < std::min(kMostSteps, ring.size()); ++i) {
            const std::size_t place = ring.at(start + i);
            if (!bound_.allows(place)) continue;
            if (!any_is_kept(*choice_.group.cache_rules[place])) return std::nullopt;
            return place;
        }
        return std::nullopt;
    }

  private:
    std::optional<std::size_t> home_of(std::uint64_t key, const PrefixKey* block) const {
        return newest(key, [&](std::size_t place, std::uint32_t age) {
            const CacheRule& rule = *choice_.group.cache_rules[place];
            return age <= rule.seconds && (!block || keeps(rule, *block));
        });
    }

    // Of several the one that was sent it last, whose cache has the most of it.
    template <class Counts>
    std::optional<std::size_t> newest(std::uint64_t key, Counts counts) const {
        std::optional<std::size_t> best;
        std::uint32_t best_age = 0;
        choice_.group.homes->find(key, second_of(choice_.now),
                                  [&](LaneIndex lane, std::uint32_t age) {
                                      const auto place = place_of(choice_.group, lane);
                                      if (!place || (best && age >= best_age)) return;
                                      if (!counts(*place, age) || !bound_.allows(*place)) return;
                                      best = place;
                                      best_age = age;
                                  });
        return best;
    }

    bool any_is_kept(const CacheRule& rule) const {
        const PrefixKeys& keys = *choice_.keys;
        return keys.session != 0 ||
               std::any_of(keys.blocks.begin(), keys.blocks.end(),
                           [&](const PrefixKey& key) { return keeps(rule, key); });
    }

    const Choice& choice_;
    Allowed bound_;
};

}  // namespace

std::size_t prefix_affinity(const Choice& choice, Draw& draw) {
    const bool asked = choice.keys && !choice.keys->empty() && choice.group.homes;
    if (asked) {
        const Search<Bound> search(choice);
        if (const auto home = search.known_home()) {
            if (choice.why) *choice.why += "has its beginning";
            return *home;
        }
        if (const auto place = search.place_on_ring()) {
            if (choice.why) *choice.why += "new, by its hash";
            return *place;
        }
    }
    return p2c_ewma(choice, draw);
}

void remember_home(const GroupTables& group, std::size_t place, const PrefixKeys& keys,
                   const Now& now) {
    if (!group.homes) return;
    const std::uint32_t second = second_of(now);
    const LaneIndex lane = group.lanes[place];
    if (keys.session != 0) return group.homes->remember(keys.session, lane, second);
    const CacheRule& rule = *group.cache_rules[place];
    const std::size_t count = keys.blocks.size();
    // Providers take four marks; the latest are those that the next turn goes on from.
    constexpr int kMostNotes = 4;
    int notes = 0;
    for (std::size_t i = count; i-- > 0 && notes < kMostNotes;) {
        const PrefixKey& key = keys.blocks[i];
        const bool ends = rule.marked ? key.marked : i + 1 == count || i + 1 == keys.lead;
        if (!ends || !keeps(rule, key)) continue;
        group.homes->remember(key.hash, lane, second);
        ++notes;
    }
}

std::optional<std::size_t> kept_home(const Choice& choice) {
    const AffinitySettings& affinity = choice.affinity();
    if (!choice.group.homes) return std::nullopt;
    // That strategy looks for the first two itself, and at the load.
    const bool looks = choice.strategy().strategy == Strategy::prefix_affinity;
    const PrefixKeys* const keys = looks ? nullptr : choice.keys;
    const Search<Usable> search(choice);
    const auto seconds = static_cast<std::uint32_t>(affinity.ttl.count());
    std::optional<std::size_t> home;
    const char* why = "has its session";
    if (affinity.session && keys && keys->session != 0) {
        home = search.home_within(keys->session, seconds);
    }
    if (!home && affinity.prompt && keys && !keys->empty()) {
        home = search.known_home();
        why = "has its beginning";
    }
    if (!home && choice.owner != 0) {
        home = search.home_within(choice.owner, seconds);
        why = "has its key";
    }
    if (home && choice.why) *choice.why += why;
    return home;
}

void keep_home(const GroupTables& group, std::size_t place, const RoutingSettings& settings,
               const PrefixKeys* keys, std::uint64_t owner, const Now& now) {
    if (!group.homes) return;
    if (keys && group.own.strategy_or(settings).strategy != Strategy::prefix_affinity) {
        remember_home(group, place, *keys, now);
    }
    if (owner != 0) group.homes->remember(owner, group.lanes[place], second_of(now));
}

}  // namespace patchbay
