// What may keep an attempt from a deployment that routing has picked: its budgets, as the call asks them.
#pragma once

#include <string>
#include <string_view>

#include "engine/world/deployment.hpp"

namespace patchbay {

/// Of one call, on its loop. Outlives the call's plan.
class RouteGate {
  public:
    virtual ~RouteGate() = default;
    /// May the attempt of this number (from 1 on) go to the deployment? If so, what it may cost is held for it.
    /// `called` is the model that it is asked for.
    virtual bool take(const Deployment& deployment, std::string_view called, int attempt) = 0;
    /// Why take() has refused the deployment, in LiteLLM's words; empty: it has not.
    virtual std::string refused(const Deployment& deployment) const = 0;
    /// Was that because nobody can say now what was spent?
    virtual bool unknown(const Deployment& deployment) const = 0;
};

}  // namespace patchbay
