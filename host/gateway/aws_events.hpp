// Events of a stream as AWS's messages.
#pragma once

#include <string>
#include <string_view>

#include "engine/call/answer.hpp"
#include "engine/surface/framing.hpp"

namespace patchbay::gateway {

/// Appends an event to `out`. Framing::aws_events: of type `name`, its payload is `json`.
/// Framing::aws_chunks: of type "chunk", its payload {"bytes":"<json in base64>"}.
void append_aws_event(Framing framing, std::string_view name, const Restamped& json,
                      std::string& out);

/// Appends an exception, which SDKs raise: the last message of a stream that failed.
void append_aws_exception(std::string_view type, std::string_view json, std::string& out);

}  // namespace patchbay::gateway
