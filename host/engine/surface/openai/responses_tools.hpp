// The tools of the Responses API as tools of the chat API.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contract/error.hpp"
#include "engine/surface/hub/reading.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// Names, as they were sent, of the tools whose input is free text: chat's models get them as
/// functions with one parameter, "input", and their calls are told as custom_tool_call again.
using CustomTools = std::vector<std::string>;

/// Writes `tools` and `web_search_options` for `tools`, an array. The tools of a namespace are tools
/// like others, told with their group by `reading.names`. Tools that OpenAI runs have no counterpart
/// but the web search, and are refused by `reading`. Fails on a wrong shape.
Result<void> write_response_tools(const json::value& tools, Reading& reading, json::object& chat,
                                  CustomTools& custom);

/// Writes `tool_choice` for `choice`; nothing if there are no tools. To be called behind the
/// function above: a list of allowed tools leaves only those in `chat`.
Result<void> write_response_choice(const json::value& choice, Reading& reading, json::object& chat);

}  // namespace patchbay::surface
