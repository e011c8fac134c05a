// A deployment's parameters, as far as they may be shown.
#pragma once

#include <boost/json/object.hpp>

#include "engine/world/deployment.hpp"

namespace patchbay::gateway {

/// LiteLLM's `litellm_params` of pages: what decides where a call goes. Never a key, and of the address
/// neither user info nor query.
boost::json::object shown_params(const Deployment& deployment);

}  // namespace patchbay::gateway
