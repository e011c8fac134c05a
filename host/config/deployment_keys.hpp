// What the gateway itself knows in `litellm_params` of a `model_list` entry.
#pragma once

#include <span>

#include "config/config.hpp"
#include "config/section.hpp"

namespace patchbay {

/// The keys and where they are read into. Static.
std::span<const Field<DeploymentConfig>> deployment_fields();

}  // namespace patchbay
