// Members of a request body that speak to the gateway and are never sent to a provider.
#pragma once

#include <string_view>

namespace patchbay {

/// LiteLLM's own parameters (its `all_litellm_params`): settings of this call, test switches,
/// logging metadata. Fast enough to ask for every top-level member of every request.
bool is_control_param(std::string_view name);

/// The test switches that make the gateway answer by itself (mock_response, ...).
bool is_mock_param(std::string_view name);

}  // namespace patchbay
