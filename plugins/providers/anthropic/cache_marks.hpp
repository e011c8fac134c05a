// SPDX-License-Identifier: Apache-2.0
// `cache_control`: how many marks a request may have.
#pragma once

#include "json.hpp"

namespace patchbay::anthropic {

/// Anthropic refuses more than four blocks with cache_control ("Prompt caching"). Takes the first
/// marks of the messages out of `body` until four are left (those of tools and system stay): a
/// later mark covers all that stands before it, and agents mark every turn of a conversation.
void limit_cache_marks(json::object& body);

}  // namespace patchbay::anthropic
