// SPDX-License-Identifier: Apache-2.0
// `cache_control`: the marks that an operator wants, and how many a request may have.
#pragma once

#include <cstddef>

#include "json.hpp"

namespace patchbay::anthropic {

/// Anthropic refuses more blocks with cache_control ("Prompt caching").
inline constexpr std::size_t kMostCacheMarks = 4;

/// How many blocks of a request of the Messages API are marked.
std::size_t count_cache_marks(json::object& body);

/// Takes the first marks of the messages out of `body` until four are left (those of tools and system stay): a
/// later mark covers all that stands before it, and agents mark every turn of a conversation.
void limit_cache_marks(json::object& body);

/// Marks the messages of the chat request `client` that `points` names, as LiteLLM's setting
/// `cache_control_injection_points` has them: {"location": "message", "role": "system"} all of a
/// role, "index" one of all messages (negative: from the end); "control" is the mark, ephemeral
/// without it. Marks that the client set stay as they are; points that name nothing do nothing.
void inject_cache_marks(const json::array& points, json::object& client);

}  // namespace patchbay::anthropic
