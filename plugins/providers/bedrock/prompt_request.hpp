// SPDX-License-Identifier: Apache-2.0
// A chat completion request to InvokeModel of a family that takes a prompt.
#pragma once

#include <string>
#include <string_view>

#include "invoke_headers.hpp"
#include "parameters.hpp"
#include "prompt_form.hpp"

namespace patchbay::bedrock {

/// What to send.
struct PromptCall {
    std::string body;  ///< JSON; the same request gives the same bytes
    Headers headers;
    bay::Dropped dropped;  ///< names of what is not sent, or said less exactly
};

/// Pure. What the family lacks fails with BAY_ERR_UNSUPPORTED, or is left out as `options` say; what
/// nobody knows, and `extra_body`, is a parameter of the model's own. Fails as turns_of() does.
Result<PromptCall> prompt_request(std::string_view client_json, const PromptForm& form,
                                  bool streamed, const RequestOptions& options);

}  // namespace patchbay::bedrock
