// The counts of keys, users, teams, customers, tags, providers, deployments and models, as gateways share them.
#pragma once

#include <memory>
#include <vector>

#include "engine/access/subject.hpp"
#include "engine/lanes/capacity.hpp"
#include "engine/lanes/route_budgets.hpp"
#include "engine/shared/shared_count.hpp"

namespace patchbay {

using SharedCounts = std::vector<std::unique_ptr<SharedCount>>;

/// What of a subject is shared; bits.
enum Leased : unsigned {
    kLeasedBudget = 1,
    kLeasedRequests = 2,
    kLeasedTokens = 4,
    kLeasedParallel = 8
};

/// Those limits that a subject has, but for those that are in `have` already, where these are noted. They end with
/// it: nothing here keeps it. `further`: it is one among several budgets of somebody (`budget_limits`), not the first.
SharedCounts leased_counts(const std::shared_ptr<access::Subject>& subject, bool further,
                           unsigned& have);
/// Likewise the rates of a model's capacity, or of a share of it.
SharedCounts leased_counts(const std::shared_ptr<Capacity>& capacity, unsigned& have);
/// The budget of a provider or a deployment.
std::unique_ptr<SharedCount> leased_count(const std::shared_ptr<RouteBudget>& budget);

}  // namespace patchbay
