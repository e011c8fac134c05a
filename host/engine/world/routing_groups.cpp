#include "engine/world/routing_groups.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "config/routing_group.hpp"
#include "engine/world/group_maker.hpp"

namespace patchbay {

namespace {

// The deployments of all its models. A pattern is none of them: nobody says which of its models is meant.
ModelGroup group_of(const Snapshot& snapshot, const RoutingGroup& routing) {
    ModelGroup made{routing.name};
    made.routing = &routing;
    for (const PlacedText& model : routing.models) {
        const auto found = snapshot.groups.find(model.text);
        if (found == snapshot.groups.end() || found->second.routing) continue;
        const ModelGroup& member = found->second;
        for (const Deployment* d : member.deployments) {
            made.deployments.push_back(d);
            add_guardrails(made, *d);
        }
        if (made.left_out.empty()) made.left_out = member.left_out;
    }
    return made;
}

Problem shadowed(const RoutingGroup& routing) {
    const std::string what = "`router_settings.routing_groups`: '" + routing.name +
                             "' is the name of a model or of an alias, too";
    if (routing.by_priority()) {
        return {Problem::Severity::error, routing.place,
                what + ", so its models would never be called in the order of priority"};
    }
    return {Problem::Severity::warning, routing.place,
            what + ": its models have the strategy, and a call for this name goes to that model"};
}

class TablesMaker {
  public:
    TablesMaker(Snapshot& snapshot, const Snapshot* previous)
        : snapshot_(snapshot), previous_(previous) {}

    void make() {
        for (auto& [name, group] : snapshot_.groups) {
            memories_[&group] = memory_of(name);
            if (group.routing) routing_.push_back(&group);
        }
        for (auto& [name, group] : snapshot_.groups) make(group, memories_[&group]);
        for (ModelGroup& group : snapshot_.wildcards) make(group, memory_of(group.name));
    }

  private:
    std::shared_ptr<GroupMemory> memory_of(const std::string& name) const {
        const ModelGroup* before = previous_ ? find_group(*previous_, name) : nullptr;
        if (before != nullptr && before->tables) return before->tables->memory;
        return std::make_shared<GroupMemory>();
    }

    void make(ModelGroup& group, std::shared_ptr<GroupMemory> memory) {
        group.tables = make_group_tables(group.deployments, snapshot_.lanes, std::move(memory),
                                         routing_of(group));
        if (group.tables->token_limits) snapshot_.token_limits = true;
        if (group.tables->no_pictures.any()) snapshot_.text_only = true;
    }

    GroupRouting routing_of(const ModelGroup& group) const {
        const RouterSettings& router = snapshot_.config.router;
        GroupRouting made;
        made.own = own_routing(router, group.name);
        if (group.routing) {
            made.own.strategy = group.routing->strategy;
            if (group.routing->by_priority()) {
                made.own.affinity.emplace();
                made.orders = &group.routing->priorities;
            }
        }
        made.strategy = made.own.strategy_or(router.routing).strategy;
        made.affinity = made.own.affinity_or(router.routing).any();
        made.hedge_share = router.routing.hedge_share(group.name);
        made.kin = kin_of(group);
        return made;
    }

    // Of groups that share deployments with it, which are those of routing groups.
    std::vector<std::shared_ptr<GroupMemory>> kin_of(const ModelGroup& group) const {
        std::vector<std::shared_ptr<GroupMemory>> kin;
        const auto look = [&](const ModelGroup& other) {
            if (&other == &group || !share(group, other)) return;
            kin.push_back(memories_.at(&other));
        };
        if (group.routing) {
            for (const auto& [name, other] : snapshot_.groups) look(other);
        } else {
            for (const ModelGroup* other : routing_) look(*other);
        }
        return kin;
    }

    static bool share(const ModelGroup& a, const ModelGroup& b) {
        return std::any_of(a.deployments.begin(), a.deployments.end(), [&](const Deployment* d) {
            return std::find(b.deployments.begin(), b.deployments.end(), d) != b.deployments.end();
        });
    }

    Snapshot& snapshot_;
    const Snapshot* previous_;
    std::map<const ModelGroup*, std::shared_ptr<GroupMemory>> memories_;
    std::vector<const ModelGroup*> routing_;
};

}  // namespace

bool add_routing_groups(Snapshot& snapshot, std::vector<Problem>& problems) {
    const RouterSettings& router = snapshot.config.router;
    bool good = true;
    for (const RoutingGroup& routing : routing_groups(router)) {
        if (snapshot.groups.contains(routing.name) ||
            router.model_group_alias.contains(routing.name)) {
            problems.push_back(shadowed(routing));
            good = good && problems.back().severity != Problem::Severity::error;
            continue;
        }
        ModelGroup made = group_of(snapshot, routing);
        if (made.deployments.empty() && made.left_out.empty()) continue;
        if (!made.deployments.empty()) snapshot.listed.push_back(routing.name);
        snapshot.groups.emplace(routing.name, std::move(made));
    }
    return good;
}

void make_tables(Snapshot& snapshot, const Snapshot* previous) {
    TablesMaker(snapshot, previous).make();
}

}  // namespace patchbay
