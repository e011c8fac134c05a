// SPDX-License-Identifier: Apache-2.0
// Where a Messages API request goes and what it carries beside the body.
#pragma once

#include <patchbay/provider.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "betas.hpp"

namespace patchbay::anthropic {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// `base` may be empty (Anthropic's own), a host, or end in /v1 or /v1/messages already.
std::string messages_url(std::string_view base);

/// The request's headers. The key goes to x-api-key, a token from an OAuth login ("sk-ant-oat...")
/// to authorization. `extra_headers` of target.params are the operator's and win over ours, names
/// compared without case; their anthropic-beta, and the client's, are joined with `betas`. Pairs
/// that are no legal header are left out.
Headers messages_headers(const bay_target& target, const bay_kv* client, std::uint64_t client_count,
                         Betas betas);

}  // namespace patchbay::anthropic
