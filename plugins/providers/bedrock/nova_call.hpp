// SPDX-License-Identifier: Apache-2.0
// A request of Converse's in the form that Nova's InvokeModel takes.
#pragma once

#include <string>
#include <string_view>

#include "invoke_headers.hpp"
#include "patchbay/sdk/dropped.hpp"

namespace patchbay::bedrock {

struct NovaCall {
    std::string body;
    Headers headers;
};

/// "Complete request schema" of Nova: what Converse has for a model's own parameters stands among the
/// body's, `reasoningConfig` in `inferenceConfig`. What Converse alone has becomes a header or is left out;
/// of that `dropped` gets the names of what the client gave. Pure.
NovaCall nova_call(std::string_view converse_request, bay::Dropped& dropped);

}  // namespace patchbay::bedrock
