// What a YAML scalar without quotes means: text, a number, true/false or nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include <boost/json/value.hpp>

namespace patchbay {

/// monostate = nothing (null). Text is text that is nothing else.
using ScalarValue =
    std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string>;

/// Types a plain scalar by the rules of YAML 1.2's core schema, with YAML 1.1's booleans (yes, no,
/// on, off) and digit groups (1_000) besides, which PyYAML reads. Dates and whatever JSON cannot
/// hold
/// (.inf, .nan, numbers beyond a double) stay text.
ScalarValue type_scalar(const std::string& text);

/// The same value as JSON.
boost::json::value scalar_to_json(ScalarValue value);

}  // namespace patchbay
