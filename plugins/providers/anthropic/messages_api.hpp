// SPDX-License-Identifier: Apache-2.0
// What the answers of the Messages API are, for requests that are passed on to any provider that serves Claude so.
#pragma once

#include "failure/passed_answer.hpp"

namespace patchbay::anthropic {

extern const shared::PassedApi kMessagesApi;

}  // namespace patchbay::anthropic
