// SPDX-License-Identifier: Apache-2.0
// What Converse has in a request's body and InvokeModel in headers: guardrails, latency, service tier.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "json.hpp"
#include "patchbay/sdk/splice.hpp"

namespace patchbay::bedrock {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// True of `guardrailConfig`, `performanceConfig`, `serviceTier` and OpenAI's `service_tier`.
bool is_header_member(std::string_view name);

/// Takes these members out of a body of InvokeModel's, which would be refused with them, and gives the
/// headers that say the same ("InvokeModel", request parameters). A member that says nothing gives none.
Headers take_headers(json::object& body);
/// The same for the client's body, while its request is there.
Headers take_headers(bay::Splice& body);

}  // namespace patchbay::bedrock
