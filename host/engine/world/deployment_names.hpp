// What a deployment is called, by its configuration.
#pragma once

#include <string>
#include <string_view>

#include "config/config.hpp"

namespace patchbay {

/// `model_info.id`, else a digest of what is configured: the same in every process, and after a reload.
std::string deployment_id(const DeploymentConfig& config, std::string_view provider);

/// An address as it is shown: without a query, a name and a password.
std::string shown_base(std::string_view url);

}  // namespace patchbay
