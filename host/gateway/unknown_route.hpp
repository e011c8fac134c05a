// What a request for a path that is not served is told.
#pragma once

#include <string_view>

#include "contract/error.hpp"

namespace patchbay::gateway {

/// What LiteLLM serves under this path ("embeddings"); empty if nothing. `path` without query.
std::string_view litellm_serves(std::string_view path);

/// 404 that names the method and the path, and says whether LiteLLM has such a route and Patchbay
/// not yet, or which one may be meant (a doubled "/v1", doubled slashes).
Error no_such_route(std::string_view method, std::string_view path);

}  // namespace patchbay::gateway
