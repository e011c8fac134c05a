// An assistant's message as the parts of a model's turn.
#pragma once

#include "failure.hpp"
#include "function_names.hpp"
#include "json.hpp"
#include "parts.hpp"
#include "tool_results.hpp"

namespace patchbay::google {

/// Texts, images, then calls; `results` learns of the calls. For Gemini 3 the first call of a
/// message without a signature gets the word that Google documents for such turns.
Result<json::array> assistant_parts(const json::object& message, std::size_t index,
                                    PartContext& context, FunctionNames& names,
                                    ToolResults& results);

}  // namespace patchbay::google
