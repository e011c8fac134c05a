// SPDX-License-Identifier: Apache-2.0
// Small readers over Boost.JSON that never throw on a wrong shape.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json.hpp>
#include <boost/system/result.hpp>

namespace patchbay::anthropic {

namespace json = boost::json;

/// The member, or nullptr if it is absent or null.
const json::value* find(const json::object& object, std::string_view name);
json::value* find(json::object& object, std::string_view name);

/// The member if it is an object (array), else nullptr.
const json::object* find_object(const json::object& object, std::string_view name);
const json::array* find_array(const json::object& object, std::string_view name);

/// The member's text, or `fallback` if it is no string. Lives as long as the object is unchanged.
std::string_view text(const json::object& object, std::string_view name,
                      std::string_view fallback = {});

/// The member as a count; 0 if it is absent, negative or no integer.
std::uint64_t count(const json::object& object, std::string_view name);

/// Parses one JSON text of at most 256 levels; the error says what is wrong, not where.
boost::system::result<json::value> parse_json(std::string_view text,
                                              json::storage_ptr storage = {});

/// JSON text of `value`, with numbers in the form people write (0.7, not 7E-1). A number that JSON
/// cannot hold becomes null.
std::string to_text(const json::value& value);

}  // namespace patchbay::anthropic
