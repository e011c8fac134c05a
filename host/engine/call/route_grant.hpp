// What a call holds of the budgets of the providers and deployments that its attempts go to.
#pragma once

#include <optional>

#include <boost/container/small_vector.hpp>

#include "contract/error.hpp"
#include "engine/call/call_size.hpp"
#include "engine/call/usage_account.hpp"
#include "engine/lanes/route_budgets.hpp"
#include "engine/router/route_gate.hpp"
#include "engine/world/snapshot.hpp"

namespace patchbay {

/// An Error if the budget that all calls have together is spent (`budget_exceeded`), or if nobody can say now whether it is (503).
/// Fallbacks would not help then, so it is asked before there is a plan.
std::optional<Error> proxy_budget_exceeded(const ModelGroup& group);

/// Of one call. What is not settled when it ends is settled as attempts that cost nothing.
class RouteGrant final : public RouteGate {
  public:
    RouteGrant() = default;
    ~RouteGrant() override;
    RouteGrant(const RouteGrant&) = delete;
    RouteGrant& operator=(const RouteGrant&) = delete;

    /// Before the first take(): what the call may cost.
    void begin(const CallSize& size) { size_ = size; }
    bool take(const Deployment& deployment, std::string_view called, int attempt) override;
    std::string refused(const Deployment& deployment) const override;
    bool unknown(const Deployment& deployment) const override;

    /// What the attempts have cost. Once.
    void settle(const UsageAccount& account, std::int64_t now_us);

  private:
    struct Held {
        RouteBudget* budget;  ///< of a deployment of the call's snapshot
        std::string_view deployment;
        int attempt;
        meter::Amount most;
        meter::Allowance::Verdict how;
    };
    void give_back(int attempt, std::int64_t now_us);
    void settle_one(const UsageAccount::Attempt& attempt, std::int64_t now_us);

    CallSize size_;
    boost::container::small_vector<Held, 1> held_;
};

}  // namespace patchbay
