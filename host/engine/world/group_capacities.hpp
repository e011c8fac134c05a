// The capacity of model groups, as their deployments' rpm and tpm give it, and the shares that priorities have of it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/priority_settings.hpp"
#include "engine/lanes/capacity.hpp"
#include "engine/world/snapshot.hpp"

namespace patchbay {

/// Once a snapshot is good. Until limit() its limits are those of the one that runs.
class GroupCapacities {
  public:
    /// All outlive it.
    GroupCapacities(const Config& config, std::shared_ptr<Capacities> capacities,
                    std::vector<Problem>& problems)
        : settings_(config.litellm.priorities),
          limiter_(config.litellm.load_limiter),
          capacities_(std::move(capacities)),
          problems_(problems) {}

    /// Gives a group, whose deployments are known, its capacity: the sum of what they have. None where calls are not
    /// kept to it, or no deployment says how much it takes.
    void add(ModelGroup& group);
    /// Sets the limits of all that were added; tells if there are none although there should be.
    void limit() const;

  private:
    using Limit = Capacities::Limit;
    struct Share {
        std::string_view priority;
        double of_whole;
    };
    std::vector<Share> shares_of(const std::string& model, const Limit& whole);
    std::shared_ptr<Capacity> part(const std::string& counter, const Limit& whole, double share);

    const std::shared_ptr<const PrioritySettings> settings_;
    const PlacedText& limiter_;
    std::shared_ptr<Capacities> capacities_;
    std::vector<Problem>& problems_;
    Capacities::Limits limits_;
    bool any_deployment_ = false;
};

/// Gives the groups of a snapshot that is good, aliases and ids too, the capacity of their model_name, and sets the
/// limits. What was counted is that of `previous`, if there is one.
void set_capacities(Snapshot& snapshot, const Snapshot* previous, std::vector<Problem>& problems);

}  // namespace patchbay
