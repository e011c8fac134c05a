// The tools of a Converse request as those of an OpenAI chat request.
#pragma once

#include "contract/error.hpp"
#include "engine/surface/hub/reading.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// toolConfig: toolSpec as a function, cachePoint as cache_control of the tool before it, the system
/// tool nova_grounding as web_search_options; other system tools, which AWS runs, are refused.
/// toolChoice auto, any, tool as "auto", "required", that function.
Result<void> write_tool_config(const json::value& value, const Place& place, Reading& reading,
                               json::object& chat);

}  // namespace patchbay::surface
