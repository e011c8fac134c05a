// Small readers over the trees of patchbay/json_tree.hpp that never throw on a wrong shape.
#pragma once

#include <string_view>

#include <boost/json.hpp>

namespace patchbay::surface {

namespace json = boost::json;

/// The member, or nullptr if it is absent or null. Lives as long as the object is unchanged.
const json::value* find(const json::object& object, std::string_view name);

/// `value` as an object, or nullptr. A number that the tree holds as text is no object.
const json::object* as_object(const json::value* value);
/// The member if it is an object, else nullptr.
const json::object* find_object(const json::object& object, std::string_view name);
/// The member if it is an array, else nullptr.
const json::array* find_array(const json::object& object, std::string_view name);

/// The member's text; empty if it is absent or no string. Lives as long as the object is unchanged.
std::string_view text(const json::object& object, std::string_view name);
/// True if the member is the literal true.
bool is_true(const json::object& object, std::string_view name);
/// The member as a count; 0 if it is absent, negative or no integer.
std::uint64_t count(const json::object& object, std::string_view name);

/// A string value whose text lives in `value`'s tree.
inline std::string_view view(const json::string& string) {
    return {string.data(), string.size()};
}

}  // namespace patchbay::surface
