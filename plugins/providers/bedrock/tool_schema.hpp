// SPDX-License-Identifier: Apache-2.0
// JSON Schemas of functions as the models of Bedrock take them.
#pragma once

#include "json.hpp"

namespace patchbay::bedrock {

/// The parameters of a function without what says where the schema is (`$schema`, `$id`) and, on the
/// top, without a title and, if `open`, without `additionalProperties`: of models that are not Claude
/// most read `type`, `properties` and `required` there and nothing else (AWS, "Using tools with Nova").
/// For the same reason references into the schema are put in place and its definitions left out. A
/// schema that refers to itself, to what is not in it, or that would grow beyond bounds keeps both.
json::object tool_schema(json::object schema, bool open);

}  // namespace patchbay::bedrock
