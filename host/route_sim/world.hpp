// The gateway's side of a simulation: snapshots with one group of deployments that have no plugin.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "engine/world/group_maker.hpp"
#include "engine/world/snapshot.hpp"
#include "route_sim/scenario.hpp"
#include "route_sim/simulation.hpp"

namespace patchbay::sim {

/// The group "model" with some of a scenario's lanes. A change makes a new snapshot, as a reload
/// does; the earlier ones stay, for the calls that began in them.
class World {
  public:
    World(const Scenario& scenario, const Contender& contender);

    /// With these of the scenario's lanes.
    void serve(const std::vector<bool>& lanes);

    const Snapshot& snapshot() const { return *snapshots_.back(); }
    const ModelGroup& group() const { return snapshot().groups.at("model"); }

  private:
    const Scenario& scenario_;
    const Contender contender_;
    std::shared_ptr<LaneTable> lanes_ = std::make_shared<LaneTable>();
    std::shared_ptr<GroupMemory> memory_;
    std::deque<std::unique_ptr<Snapshot>> snapshots_;
};

}  // namespace patchbay::sim
