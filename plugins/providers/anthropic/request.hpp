// SPDX-License-Identifier: Apache-2.0
// A chat completion request to a Messages API request.
#pragma once

#include <string>

#include "betas.hpp"
#include "failure.hpp"
#include "json.hpp"
#include "json_mode.hpp"
#include "params.hpp"
#include "patchbay/sdk/dropped.hpp"
#include "tool_names.hpp"

namespace patchbay::anthropic {

/// What to send, and what of it the translation of the answer must know.
struct Call {
    std::string body;
    Betas betas;
    JsonMode json_mode = JsonMode::off;
    std::string prefix;  ///< the answer's text must begin with it
    ToolNames tool_names;
    bay::Dropped dropped;  ///< parameters that are not sent as they came
};

/// Pure. Members that neither OpenAI nor the gateway has (top_k, container, context_management,
/// ...) pass as they are. A wrong shape fails with BAY_ERR_BAD_REQUEST naming its place.
Result<Call> translate_request(std::string_view client_json, const RequestOptions& given_options);

}  // namespace patchbay::anthropic
