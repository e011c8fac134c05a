// The fallbacks that a client names in its request.
#pragma once

#include <memory>
#include <span>

#include "config/routing.hpp"
#include "contract/error.hpp"
#include "patchbay/provider.h"

namespace patchbay {

/// LiteLLM's two forms: a list of models is for any failure of this call; lists by model group stand
/// in the place of those of the configuration.
struct RequestFallbacks {
    std::vector<std::string> list;  ///< `fallbacks: ["claude", {"model": "mistral"}]`
    FallbackSettings by_group;      ///< `fallbacks: [{"gpt-4o": ["claude"]}]` and its kin
    bool no_general = false;        ///< `fallbacks: []`: those of the configuration are not wanted
};

/// Reads `fallbacks`, `context_window_fallbacks`, `content_policy_fallbacks`, `default_fallbacks` and
/// `max_fallbacks` among a body's members; null = it has none. An Error (400) for another form, and
/// for a fallback with parameters of its own beside `model`.
Result<std::shared_ptr<const RequestFallbacks>> read_request_fallbacks(
    std::span<const bay_member> members);

}  // namespace patchbay
