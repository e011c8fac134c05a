// Which deployments of a model group a call may go to, and which of them is next.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/surface/operation.hpp"
#include "engine/world/snapshot.hpp"

namespace patchbay {

/// Would the deployment be sent to, or does its plugin rest after faults (breaker.hpp)?
bool available(const Deployment& deployment);

/// Can a model of this mode (nullptr: nothing is known of it) be asked for `operation` at the
/// deployment?
bool serves(const Deployment& deployment, const ModelMode* mode, const Operation& operation);

/// The deployments of a group that speak one of the operations a call can be made of, and whose
/// models are not known to be for another use. Belongs to one call; no allocation before a second attempt.
class Candidates {
  public:
    /// `native` is what the client speaks, nullptr if the call must not go that way; `hub` what it
    /// can be translated to, nullptr if to nothing. `home` is the id of the one deployment that can
    /// serve the call, empty if any can; it lives as long as this.
    Candidates(const ModelGroup& group, const Operation* native, const Operation* hub,
               std::string_view home = {})
        : group_(group), native_(native), hub_(hub), home_(home) {}

    /// How the call would go to this deployment; nullptr: it cannot.
    const Operation* operation_of(const Deployment& deployment) const;
    std::size_t count() const;
    bool any_available() const;
    /// Is one left that is available and was not tried?
    bool untried_left() const;
    void tried(const Deployment& deployment);

    /// LiteLLM's simple-shuffle: at random by weight, among the available candidates that were not
    /// tried yet if any is left, else among those that are available, else among all. `random` is
    /// uniform in [0, 1). There must be one.
    const Deployment& pick(double random) const;

  private:
    bool is_open(const Deployment& deployment) const;

    const ModelGroup& group_;
    const Operation* native_;
    const Operation* hub_;
    std::string_view home_;
    std::vector<const Deployment*> tried_;
};

}  // namespace patchbay
