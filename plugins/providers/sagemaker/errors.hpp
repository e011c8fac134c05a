// SPDX-License-Identifier: Apache-2.0
// What failed at SageMaker, in the classes that routing acts on.
#pragma once

#include <patchbay/exchange.h>
#include <string_view>

#include "failure/failure.hpp"

namespace patchbay::sagemaker {

/// An answer whose status is no success. Of a model's own error (424) what its container said counts:
/// its status and its words.
shared::Failure failure_of_answer(const bay_ev_http& done);

/// An exception in a stream: `type` is its name, as "ModelStreamError".
shared::Failure failure_of_exception(std::string_view type, std::string_view body);

}  // namespace patchbay::sagemaker
