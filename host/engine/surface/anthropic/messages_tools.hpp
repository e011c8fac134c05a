// The tools of a Messages request, and the choice among them, to those of OpenAI's chat API.
#pragma once

#include "contract/error.hpp"
#include "engine/surface/hub/reading.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// Writes `tools`, the request's, into `chat`:
///   a tool of the client's              function tool; strict (where OpenAI takes the schema so)
///   and
///                                       cache_control are kept
///   bash, text_editor, memory           function tools (client_tools.hpp): the client runs them
///   web_search                          web_search_options
///   a function tool of OpenAI's own     as it is
/// Tools that Anthropic runs and that OpenAI's chat API has not are refused by `reading`. An empty
/// list says nothing there. Fails on a wrong shape.
Result<void> write_tools(const json::value& tools, Reading& reading, json::object& chat);

/// Writes `choice`, the request's tool_choice, as tool_choice and parallel_tool_calls. To be called
/// behind write_tools(): a choice among no tools is refused by OpenAI, so it is left out.
Result<void> write_tool_choice(const json::value& choice, Reading& reading, json::object& chat);

}  // namespace patchbay::surface
