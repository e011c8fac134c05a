// What a client is told of its key's limits.
#pragma once

#include <string_view>

#include "gateway/response_head.hpp"

namespace patchbay::access {

struct Principal;

}  // namespace patchbay::access

namespace patchbay::gateway {

/// LiteLLM's x-litellm-key-* and x-ratelimit-*: limits that there are, and what is left of them now. The spend of a
/// key is told where it has a budget. `upstream` are the provider's header lines, which are added but for the
/// x-ratelimit-* where the key has limits of its own.
void add_key_headers(ResponseHead& head, const access::Principal& principal,
                     std::string_view upstream);

}  // namespace patchbay::gateway
