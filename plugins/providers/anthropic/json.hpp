// SPDX-License-Identifier: Apache-2.0
// Small readers over Boost.JSON that never throw on a wrong shape.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

namespace patchbay::anthropic {

namespace json = boost::json;

/// The member, or nullptr if it is absent or null.
const json::value* find(const json::object& object, std::string_view name);
json::value* find(json::object& object, std::string_view name);

/// The member if it is an object (array), else nullptr. A number that the tree holds as text
/// (patchbay/json_tree.hpp) is no object.
const json::object* find_object(const json::object& object, std::string_view name);
const json::array* find_array(const json::object& object, std::string_view name);

/// The member's text, or `fallback` if it is no string. Lives as long as the object is unchanged.
std::string_view text(const json::object& object, std::string_view name,
                      std::string_view fallback = {});

/// The member as a count; 0 if it is absent, negative or no integer.
std::uint64_t count(const json::object& object, std::string_view name);

/// True for numbers of any size.
bool is_number(const json::value& value);

/// Parses one JSON text, halves of surrogate pairs and numbers of any size included; nothing if it
/// is not JSON or nested too deep.
std::optional<json::value> parse_json(std::string_view text, json::storage_ptr storage = {});

/// JSON text of `value`, which gives back what parse_json() read: digits as they came, 0.7 as 0.7.
std::string to_text(const json::value& value);

}  // namespace patchbay::anthropic
