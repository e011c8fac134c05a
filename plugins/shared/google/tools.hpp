// The client's tools and its choice among them, as Google's `tools` and `toolConfig`.
#pragma once

#include "failure.hpp"
#include "function_names.hpp"
#include "json.hpp"
#include "model.hpp"
#include "patchbay/sdk/dropped.hpp"

namespace patchbay::google {

/// Puts `tools` and `toolConfig` into `body` for the client's `tools` (or `functions`),
/// `web_search_options`, `tool_choice` (or `function_call`): functions, tools of free text (as a
/// function with one text), tools that Google runs, in OpenAI's form or in its own. Beside functions
/// a model before Gemini 3 is given no search, as Google refuses the two together: `dropped` gets the
/// member that asked for it.
Result<void> set_tools(const json::object& client, const ModelTraits& traits, FunctionNames& names,
                       json::object& body, bay::Dropped& dropped);

/// Of free-text tools: the one argument.
inline constexpr std::string_view kFreeText = "input";

}  // namespace patchbay::google
