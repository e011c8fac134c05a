#include "engine/shared/shared_lane.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace patchbay {

namespace {

// LiteLLM's, so that gateways of both kinds can agree while one takes the other's place.
std::string key_of(const Deployment& deployment, std::string_view count) {
    return "global_router:" + deployment.id + ":" + deployment.configured + ":" +
           std::string(count) + ":";
}

std::uint32_t limit_of(const std::optional<std::int64_t>& limit) {
    constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(limit.value_or(0), 0, kMost));
}

// Deployments of groups whose strategy goes by the tokens of the minute.
std::set<const Deployment*> chosen_by_tokens(const Snapshot& world) {
    std::set<const Deployment*> all;
    const auto look = [&](const ModelGroup& group) {
        if (!group.tables) return;
        const Strategy strategy =
            group.tables->own.strategy_or(world.config.router.routing).strategy;
        if (strategy != Strategy::usage_based && strategy != Strategy::usage_based_v2) return;
        all.insert(group.deployments.begin(), group.deployments.end());
    };
    for (const auto& [name, group] : world.groups) look(group);
    for (const ModelGroup& group : world.wildcards) look(group);
    return all;
}

SharedLane lane_of(const Deployment& deployment, const RoutingSettings& settings, bool by_tokens) {
    SharedLane made;
    made.id = deployment.id;
    made.lane = deployment.lane->index();
    made.rpm = limit_of(deployment.rpm);
    made.tpm = limit_of(deployment.tpm);
    if (deployment.rpm) made.requests.emplace(key_of(deployment, "rpm"));
    if (deployment.tpm || by_tokens) made.tokens.emplace(key_of(deployment, "tpm"));
    made.itpm = limit_of(deployment.itpm);
    made.otpm = limit_of(deployment.otpm);
    constexpr auto kFalls = MinuteShare::Sum::may_fall;
    if (deployment.itpm) made.prompt_tokens.emplace(key_of(deployment, "itpm"), kFalls);
    if (deployment.otpm) made.answer_tokens.emplace(key_of(deployment, "otpm"), kFalls);
    made.rests = !settings.disable_cooldowns && !deployment.is_pattern();
    return made;
}

void take_over(std::optional<MinuteShare>& share, std::optional<MinuteShare>& before) {
    if (share && before) share = std::move(before);
}

bool is_near(std::uint32_t used, std::uint32_t limit) {
    constexpr std::uint64_t kNear = 9;
    constexpr std::uint64_t kOf = 10;
    return limit > 0 && used < limit && kOf * used >= kNear * limit;
}

}  // namespace

bool SharedLane::near_limit(LaneTable& table, std::uint32_t minute) const {
    return (requests && is_near(table.requests(lane).get(minute), rpm)) ||
           (tokens && is_near(table.tokens(lane).get(minute), tpm)) ||
           (prompt_tokens && is_near(table.prompt_tokens(lane).get(minute), itpm)) ||
           (answer_tokens && is_near(table.answer_tokens(lane).get(minute), otpm));
}

std::vector<SharedLane> shared_lanes(const Snapshot& world, std::vector<SharedLane> before) {
    std::map<std::string_view, SharedLane*> known;
    for (SharedLane& lane : before) known[lane.id] = &lane;
    const std::set<const Deployment*> by_tokens = chosen_by_tokens(world);
    std::set<LaneIndex> seen;
    std::vector<SharedLane> all;
    for (const auto& deployment : world.deployments) {
        SharedLane made =
            lane_of(*deployment, world.config.router.routing, by_tokens.contains(deployment.get()));
        const bool counts =
            made.requests || made.tokens || made.prompt_tokens || made.answer_tokens;
        if (!counts && !made.rests) continue;
        if (!seen.insert(made.lane).second) continue;
        const auto found = known.find(made.id);
        if (found != known.end() && found->second->lane == made.lane) {
            take_over(made.requests, found->second->requests);
            take_over(made.tokens, found->second->tokens);
            take_over(made.prompt_tokens, found->second->prompt_tokens);
            take_over(made.answer_tokens, found->second->answer_tokens);
            made.rest_seen = found->second->rest_seen;
            made.rest_text = std::move(found->second->rest_text);
        }
        all.push_back(std::move(made));
    }
    return all;
}

}  // namespace patchbay
