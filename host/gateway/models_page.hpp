// GET /models and /models/{id}: what can be asked for.
#pragma once

#include <string_view>

#include "contract/error.hpp"
#include "gateway/pages.hpp"

namespace patchbay::gateway {

/// OpenAI's list, with LiteLLM's members about each model. `query` may hold
/// return_wildcard_routes=true.
Page models_page(const Snapshot& snapshot, std::string_view query);

/// One entry of that list; a 404 in OpenAI's shape if `id` is not in it.
Result<Page> model_page(const Snapshot& snapshot, std::string_view id);

}  // namespace patchbay::gateway
