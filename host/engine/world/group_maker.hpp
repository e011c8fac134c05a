// A model group laid out for routing.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/lanes/group_tables.hpp"
#include "engine/surface/operation.hpp"
#include "engine/world/snapshot.hpp"

namespace patchbay {

/// Can a model of this mode (nullptr: nothing is known of it) be asked for `operation` at the
/// deployment?
bool serves(const Deployment& deployment, const ModelMode* mode, const Operation& operation);

/// How a group's calls are routed, as far as its tables depend on it.
struct GroupRouting {
    Strategy strategy = Strategy::simple_shuffle;
    double hedge_share = 0;  ///< 0 = no second attempts
    bool affinity = false;   ///< optional checks lead calls to who had the one before
    OwnRouting own{};  ///< of which `strategy` and `affinity` are made, with what holds for all
    /// By model_name, in place of the deployments' `order`; null: theirs.
    const std::map<std::string, int, std::less<>>* orders = nullptr;
    std::vector<std::shared_ptr<GroupMemory>> kin{};  ///< GroupTables::kin
};

/// The tables of these deployments, each of which has a lane of `table`. `memory` is the group's of
/// before, or null.
std::shared_ptr<const GroupTables> make_group_tables(
    const std::vector<const Deployment*>& deployments, std::shared_ptr<LaneTable> table,
    std::shared_ptr<GroupMemory> memory, const GroupRouting& routing);

/// Adds the guardrails of a deployment to those of its group, each once.
void add_guardrails(ModelGroup& group, const Deployment& deployment);

/// The group of exactly this name, also if it is a pattern; nullptr = there is none.
const ModelGroup* find_group(const Snapshot& snapshot, std::string_view name);

/// A pattern's group and what its '*' stand for.
struct PatternMatch {
    const ModelGroup* group;
    std::vector<std::string_view> captures;  ///< of the name, or of what it is an alias of
};
/// The most specific pattern that matches the name, or the model that it is an alias of; for names that no group has.
/// A name without a provider that none matches is looked for behind the provider that it means, as in LiteLLM.
std::optional<PatternMatch> find_pattern(const Snapshot& snapshot, std::string_view name);

}  // namespace patchbay
