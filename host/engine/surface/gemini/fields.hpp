// Members of Gemini's JSON, which Google reads by two names: as protobuf's JSON mapping writes them
// (maxOutputTokens) and as the .proto file does (max_output_tokens).
#pragma once

#include <string>
#include <string_view>

#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// The member with this name, given in camelCase, or nullptr if it is absent or null. Where both
/// spellings stand the camelCase one counts. Lives as long as the object is unchanged.
const json::value* field(const json::object& object, std::string_view name);

/// The same if it is an object, an array; else nullptr.
const json::object* object_field(const json::object& object, std::string_view name);
const json::array* array_field(const json::object& object, std::string_view name);

/// Its text; empty if it is absent or no string.
std::string_view text_field(const json::object& object, std::string_view name);

/// True if it is the literal true.
bool flag_field(const json::object& object, std::string_view name);

/// "maxOutputTokens" for either spelling.
std::string camel_case(std::string_view name);

}  // namespace patchbay::surface
