// SPDX-License-Identifier: Apache-2.0
// What failed at Bedrock, in the classes that routing acts on.
#pragma once

#include <patchbay/exchange.h>
#include <string_view>

#include "aws/event_stream.hpp"
#include "json.hpp"

namespace patchbay::bedrock {

/// An answer whose status is no success, by its status and the exception that x-amzn-errortype names,
/// with the time to wait that its headers state. The message is AWS's text as it came, as LiteLLM
/// shows it.
Failure failure_of_answer(const bay_ev_http& done);

/// An exception in a stream: `type` is its name, as "throttlingException".
Failure failure_of_exception(std::string_view type, std::string_view body);

using aws::exception_in;
using aws::told_in;

}  // namespace patchbay::bedrock
