// Gemini's Schema, which is OpenAPI's with types in capitals, as JSON Schema.
#pragma once

#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// The JSON Schema for `schema`: types in small letters, `nullable` as the type "null", `example`
/// among `examples`, counts that protobuf writes as text as numbers, members in camelCase. The order
/// of properties is not said. Members that are no schema's, and schemas that are JSON Schema already,
/// stay as they are.
json::object json_schema(const json::object& schema);

}  // namespace patchbay::surface
