// How much the model is to think: OpenAI's reasoning_effort and LiteLLM's `thinking` to Google's
// thinkingConfig.
#pragma once

#include "failure.hpp"
#include "json.hpp"
#include "model.hpp"

namespace patchbay::google {

/// The word of `reasoning_effort`, which may be an object with `effort`; empty if there is none.
std::string_view effort_word(const json::value& effort);

/// True for an effort that Google has a budget or a level for.
bool is_known_effort(std::string_view word);

/// True if `value`, of `thinking` or `reasoning_effort`, asks the model not to think.
bool asks_no_thought(const json::value& value);

/// thinkingConfig for what the client asks, `thinking` before `reasoning_effort`; empty if it asks
/// nothing, or if the model does not think. An effort above "high" counts as "high"; what a model
/// lacks becomes the nearest that it has. A model that cannot be kept from thinking thinks as little
/// as it can, and its thoughts are not shown.
Result<json::object> thinking_config(const json::object& client, const ModelTraits& traits);

}  // namespace patchbay::google
