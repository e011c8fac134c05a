// GET /models and /models/{id}: what can be asked for.
#pragma once

#include <string_view>

#include "contract/error.hpp"
#include "engine/access/principal.hpp"
#include "gateway/pages.hpp"

namespace patchbay::gateway {

/// In whose words a list is: Anthropic's for those who name a version of its API (`anthropic-version`), Google's under
/// /v1beta and for those who send `x-goog-api-key`, as newer versions of its SDK ask for /v1/models.
enum class ModelsOf { openai, anthropic, google };

/// OpenAI's list, with LiteLLM's members about each model, or Anthropic's or Google's, in one page. `query` may hold
/// return_wildcard_routes=true and, of OpenAI's, include_metadata=true (the fallbacks of each). With a principal it has
/// what that may use.
Page models_page(const Snapshot& snapshot, std::string_view query,
                 ModelsOf words = ModelsOf::openai, const access::Principal* principal = nullptr);

/// One entry of that list; a 404 if `id` is not in it.
Result<Page> model_page(const Snapshot& snapshot, std::string_view id,
                        ModelsOf words = ModelsOf::openai,
                        const access::Principal* principal = nullptr);

}  // namespace patchbay::gateway
