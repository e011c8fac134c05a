// GET /models and /models/{id}: what can be asked for.
#pragma once

#include <string_view>

#include "contract/error.hpp"
#include "engine/access/principal.hpp"
#include "gateway/pages.hpp"

namespace patchbay::gateway {

/// OpenAI's list, with LiteLLM's members about each model. `query` may hold
/// return_wildcard_routes=true. With a principal it has what that may use.
Page models_page(const Snapshot& snapshot, std::string_view query,
                 const access::Principal* principal = nullptr);

/// One entry of that list; a 404 in OpenAI's shape if `id` is not in it.
Result<Page> model_page(const Snapshot& snapshot, std::string_view id,
                        const access::Principal* principal = nullptr);

}  // namespace patchbay::gateway
