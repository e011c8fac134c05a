// SPDX-License-Identifier: Apache-2.0
// Calls of tools that Anthropic made itself, as LiteLLM tells them in provider_specific_fields.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "json.hpp"

namespace patchbay::anthropic {

/// True for the tool whose calls are told in the words of the Responses API as well.
bool is_search(std::string_view tool);

/// An entry of `server_tool_calls`; `index` is that of the block. `input` is JSON text.
json::object server_call(std::string_view id, std::string_view tool, std::string_view input,
                         std::uint64_t index);

/// An entry of `web_search_calls`, under way. `input` is JSON text, of which the query is read.
json::object search_call(std::string_view id, std::string_view input);

/// The search has ended with `block`, a web_search_tool_result.
void end_search(const json::object& block, json::object& search);

}  // namespace patchbay::anthropic
