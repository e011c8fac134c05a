// The tools of a Gemini request, and how they may be called, to those of OpenAI's chat API.
#pragma once

#include "contract/error.hpp"
#include "engine/surface/hub/reading.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// Writes `tools` and `toolConfig` of `request` into `chat`:
///   functionDeclarations           function tools; their schema as JSON Schema (schema.hpp)
///   googleSearch,                  web_search_options
///   googleSearchRetrieval
///   AUTO, ANY, NONE                tool_choice auto, required, none
///   VALIDATED                      auto, noted
///   allowedFunctionNames           only those functions are sent, and one name is named
/// Other tools that Google runs are refused by `reading`. Fails on a wrong shape.
Result<void> write_tools_of_gemini(const json::object& request, Reading& reading,
                                   json::object& chat);

}  // namespace patchbay::surface
