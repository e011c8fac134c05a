// JSON Schemas of functions in the two ways that Google takes them.
#pragma once

#include "json.hpp"

namespace patchbay::google {

/// True if Google's own Schema, a part of OpenAPI's, says all that `schema` says.
bool is_google_schema(const json::value& schema);

/// Puts the parameters of a function into `declaration`: as `parameters` where Google's own Schema
/// says all of them, else as `parametersJsonSchema` without "$schema". Parameters that name no
/// property are left out: Google refuses an object without any.
void set_parameters(const json::object& schema, json::object& declaration);

}  // namespace patchbay::google
