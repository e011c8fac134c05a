// How a Converse request wants to be answered, as members of an OpenAI chat request.
#pragma once

#include "contract/error.hpp"
#include "engine/surface/hub/reading.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// inferenceConfig: maxTokens, temperature, topP, topK, stopSequences as max_tokens, temperature,
/// top_p, top_k, stop. Others are noted.
Result<void> write_inference_config(const json::value& value, const Place& place, Reading& reading,
                                    json::object& chat);

/// outputConfig.effort, which is Claude's, as reasoning_effort; textFormat, a JSON Schema as text, as response_format; strict if every object in the
/// schema closes and requires its properties, else that is noted.
Result<void> write_output_config(const json::value& value, const Place& place, Reading& reading,
                                 json::object& chat);

/// serviceTier as service_tier; "reserved", which only AWS sells, is noted.
Result<void> write_service_tier(const json::value& value, const Place& place, Reading& reading,
                                json::object& chat);

/// performanceConfig: "standard" says nothing, another latency is noted.
Result<void> write_performance(const json::value& value, const Place& place, Reading& reading,
                               json::object& chat);

}  // namespace patchbay::surface
