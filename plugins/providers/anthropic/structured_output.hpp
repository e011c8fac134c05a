// SPDX-License-Identifier: Apache-2.0
// JSON schemas in the form that Anthropic's structured outputs take.
#pragma once

#include <optional>

#include "json.hpp"

namespace patchbay::anthropic {

/// `schema` with references put in place and objects closed, as Anthropic wants them ("Structured
/// outputs", "JSON Schema limitations"). Nothing if that would say something else: the schema is no
/// object's, is recursive, has objects that are open, or a keyword that Anthropic does not take.
/// Such a schema is asked for by way of a tool (json_mode.hpp).
std::optional<json::object> structured_schema(const json::object& schema);

}  // namespace patchbay::anthropic
