// What a deployment may be asked and may answer in a minute: `itpm` and `otpm`.
#pragma once

#include "config/config.hpp"
#include "engine/world/deployment.hpp"

namespace patchbay {

/// Sets both, of litellm_params or else of model_info, and what an answer usually counts for. After
/// Deployment::info.
void set_token_limits(const DeploymentConfig& entry, Deployment& deployment);

}  // namespace patchbay
