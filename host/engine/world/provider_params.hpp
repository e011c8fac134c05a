// What becomes of the members of litellm_params that neither the gateway nor OpenAI's API knows.
#pragma once

#include <string_view>

#include "contract/manifest/manifest.hpp"

namespace patchbay {

/// Where such a member goes. All of them reach the plugin in bay_target.params.
enum class ParamUse {
    setting,   ///< nowhere else: LiteLLM's own (prices, tags, ...), or a setting of the plugin
    request,   ///< into the request, unless the client's own member is there
    not_sent,  ///< it is the provider's own, and the plugin does not send it
};
ParamUse param_use(std::string_view name, const ManifestProvider& provider);

}  // namespace patchbay
