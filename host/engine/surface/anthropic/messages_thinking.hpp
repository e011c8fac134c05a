// How much the model is to think, and in what form it is to answer: Anthropic's `thinking` and
// `output_config` to OpenAI's `reasoning_effort` and `response_format`.
#pragma once

#include "contract/error.hpp"
#include "engine/surface/hub/reading.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// Writes what `request` says of thinking into `chat`:
///   enabled      `thinking` with its budget, which LiteLLM's clients send too and some providers
///                take, and the effort of that budget for those that take efforts
///   disabled     `thinking` as it is
///   adaptive, between_tools   nothing: they leave it to the model
/// An effort of output_config wins over a budget's. No more than "high" is asked for, as few
/// models know more. Fails on a wrong shape.
Result<void> write_thinking(const json::object& request, Reading& reading, json::object& chat);

/// Writes the JSON schema of output_config.format, or of the older output_format, as
/// response_format, strict if OpenAI takes it so. Fails on a wrong shape.
Result<void> write_format(const json::object& request, Reading& reading, json::object& chat);

}  // namespace patchbay::surface
