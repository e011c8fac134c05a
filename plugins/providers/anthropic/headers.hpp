// SPDX-License-Identifier: Apache-2.0
// Where a Messages API request goes and what it carries beside the body.
#pragma once

#include <patchbay/provider.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "betas.hpp"
#include "json.hpp"

namespace patchbay::anthropic {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// `base` may be empty (Anthropic's own), a host, or end in /v1 or /v1/messages already.
std::string messages_url(std::string_view base);

/// The features that the client's headers and the `extra_headers` of the deployment's settings
/// name.
Betas named_betas(const json::object& settings, const bay_kv* client, std::uint64_t client_count);

/// The request's headers. `settings`: target.params. The key goes to x-api-key, a token from an
/// OAuth login ("sk-ant-oat...") to authorization. `extra_headers` of the settings are the
/// operator's and win over ours and over those of the client that the host let through, names
/// compared without case, but for anthropic-beta, which is `betas`. Pairs that are no legal header
/// are left out.
Headers messages_headers(std::string_view api_key, const json::object& settings,
                         const bay_kv* client, std::uint64_t client_count, Betas betas);

}  // namespace patchbay::anthropic
