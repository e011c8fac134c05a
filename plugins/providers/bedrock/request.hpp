// SPDX-License-Identifier: Apache-2.0
// A chat completion request to Bedrock's Converse.
#pragma once

#include <string>
#include <string_view>

#include "anthropic/json_mode.hpp"
#include "anthropic/tool_names.hpp"
#include "json.hpp"
#include "parameters.hpp"

namespace patchbay::bedrock {

/// What to send, and what of it the translation of the answer must know.
struct Call {
    std::string body;  ///< JSON; the same request gives the same bytes
    anthropic::JsonMode json_mode = anthropic::JsonMode::off;
    std::string prefix;  ///< the answer's text must begin with it
    anthropic::ToolNames tool_names;
    bool tools = false;    ///< there are some, of the client's or ours
    bay::Dropped dropped;  ///< names of what is not sent, or said less exactly
};

/// Pure. Members of Converse's own (guardrailConfig, performanceConfig, requestMetadata, serviceTier,
/// promptVariables, additionalModelRequestFields, additionalModelResponseFieldPaths) are taken under
/// their names; what nobody knows is a parameter of the model's own, in additionalModelRequestFields.
Result<Call> translate_request(std::string_view client_json, const RequestOptions& options);

}  // namespace patchbay::bedrock
