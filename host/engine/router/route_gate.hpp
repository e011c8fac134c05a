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

struct ModelRoute;

/// What may keep a call from a group that stands in for its own: limits by model of those whose call it is.
class FallbackGate {
  public:
    virtual ~FallbackGate() = default;
    /// May the call go on to the group, which it asks for by this name? If so, the call counts for the limits of that
    /// model from now on, and no longer for those of the one before.
    virtual bool turn_to(const ModelRoute& route, std::string_view name) = 0;
};

}  // namespace patchbay
