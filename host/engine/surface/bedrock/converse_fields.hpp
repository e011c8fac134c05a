// additionalModelRequestFields: a model's own parameters, which Converse hands on unread.
#pragma once

#include "contract/error.hpp"
#include "engine/surface/hub/reading.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// Those that have a counterpart in OpenAI's chat API are said in its words:
///   thinking, reasoning_config, output_config (Claude)   thinking, reasoning_effort
///   reasoningConfig (Nova)                               thinking, reasoning_effort
///   top_k, topK, inferenceConfig.topK                    top_k
///   tool_choice.disable_parallel_tool_use                parallel_tool_calls
/// Tools that Anthropic has made are refused in the way of Reading::refuse(), anthropic_beta is noted, and so is what would change which model is asked, and how. All others go
/// as they are: LiteLLM puts what it does not know here, and this is the way back.
Result<void> write_additional_fields(const json::value& value, const Place& place, Reading& reading,
                                     json::object& chat);

}  // namespace patchbay::surface
