// SPDX-License-Identifier: Apache-2.0
// Tools and the choice among them, to Anthropic's.
#pragma once

#include "betas.hpp"
#include "failure.hpp"
#include "json.hpp"

namespace patchbay::anthropic {

struct Tools {
    json::array tools;
    json::array mcp_servers;
};

/// Functions become tools with an input_schema; Anthropic's own tools (web_search_*, computer_*,
/// bash_*, ... and anything with an input_schema) pass as they are; "mcp" and "url" become
/// mcp_servers. The features the tools need are added to `betas`.
Result<Tools> translate_tools(const json::value& tools, Betas& betas);

/// OpenAI's legacy `functions`.
Result<json::array> translate_functions(const json::value& functions);

/// `choice`: tool_choice, or the legacy function_call; may be null. `parallel`:
/// parallel_tool_calls, may be null. Gives null if the request says nothing about the choice.
Result<json::value> translate_tool_choice(const json::value* choice, const json::value* parallel);

/// Of OpenAI's `allowed_tools` only the tools that may be called are left in `tools`, which are Anthropic's;
/// any other `choice` (may be null) leaves all.
void keep_allowed(const json::value* choice, json::array& tools);

/// True if `choice` (tool_choice or function_call) makes the model call a tool.
bool forces_a_call(const json::value& choice);

/// OpenAI's web_search_options to the web_search tool.
json::object web_search_tool(const json::object& options);

/// Stands in for the tools of earlier turns when the request names none: Anthropic refuses a
/// conversation with tool calls and no tools.
json::object placeholder_tool();

/// `schema` with "type": "object" put in if it has no type.
json::object object_schema(const json::value* schema);

}  // namespace patchbay::anthropic
