// SPDX-License-Identifier: Apache-2.0
// The parameters of a request as a set: what Anthropic refuses, alone or together.
#pragma once

#include "failure.hpp"
#include "json.hpp"
#include "params.hpp"
#include "patchbay/sdk/dropped.hpp"
#include "thinking.hpp"

namespace patchbay::anthropic {

/// Makes `client` a set of parameters that the model takes, or fails.
///
/// Every rule is a row of the table in parameter_rules.cpp. What Anthropic or the model has not at all
/// fails with BAY_ERR_UNSUPPORTED; the error names all such parameters and says why. What it has, but
/// not beside the others or not with such a value, is sent as it is: Anthropic says why it refuses it.
/// With drop_params both are left out, or replaced by the nearest that is taken. Parameters in
/// allowed_params are not looked at. A value that means what would happen anyway (n = 1, store = false, temperature = 1) is no
/// reason to fail: it is left out where it would be refused. `dropped` gets what is left out or
/// replaced although it says something. Gives how the model is to think.
Result<Thinking> settle_parameters(json::object& client, const RequestOptions& options,
                                   bay::Dropped& dropped);

}  // namespace patchbay::anthropic
