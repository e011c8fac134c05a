// The budgets that a configuration gives to providers, to deployments, and to all of them together.
#pragma once

#include <memory>

#include "config/config.hpp"
#include "engine/lanes/route_budgets.hpp"
#include "engine/world/deployment.hpp"

namespace patchbay {

/// While a snapshot is built. Limits change only once that is good: until then they are those of the one that runs.
class DeploymentBudgets {
  public:
    /// The configuration outlives it.
    DeploymentBudgets(const Config& config, std::shared_ptr<RouteBudgets> budgets)
        : config_(config), budgets_(std::move(budgets)) {}

    /// Gives a deployment, whose provider and id are known, the budgets that are its.
    void add(const DeploymentConfig& entry, Deployment& deployment);
    /// Sets the limits of all that were added, of providers, and of all calls.
    void limit() const;

  private:
    const Config& config_;
    std::shared_ptr<RouteBudgets> budgets_;
    RouteBudgets::Limits limits_;
};

}  // namespace patchbay
