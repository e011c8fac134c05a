// SPDX-License-Identifier: Apache-2.0
// `response_format`: JSON of a schema, by Converse's outputConfig for the models that have it.
#pragma once

#include "anthropic/json_mode.hpp"
#include "json.hpp"
#include "model.hpp"

namespace patchbay::bedrock {

/// True for models that Bedrock makes follow a schema ("Structured outputs").
bool has_output_form(const Model& model);

/// Puts `outputConfig` into `converse` for the schema of `format`, the client's response_format; false
/// if it cannot be said there, and the schema goes by way of a tool (anthropic/json_mode.hpp): it is no
/// object's, is recursive, or has a keyword that is not taken. A schema whose objects are all closed is
/// sent as it is; else they are closed, as AWS wants them.
bool apply_output_form(const json::value& format, json::object& converse);

}  // namespace patchbay::bedrock
