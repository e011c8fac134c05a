// JSON Schemas of tools and answers where the two APIs ask for different ones.
#pragma once

#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// `schema` with "type": "object" and "properties" put in where they are missing: OpenAI refuses
/// the parameters of a function without them.
json::object object_schema(const json::object& schema);

/// True if OpenAI takes the schema as a strict one: every object in it closes its properties
/// (additionalProperties false) and requires all of them. Anthropic's strict schemas may leave
/// some optional.
bool is_strict_schema(const json::value& schema);

}  // namespace patchbay::surface
