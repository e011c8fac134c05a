// Reading JSON of unknown shape: a member that is missing or of another type reads as absent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

namespace patchbay::shared {

namespace json = boost::json;

/// The member, or nullptr if it is absent or null, or if `object` is nullptr. As are all below.
const json::value* find(const json::object* object, std::string_view name);
inline const json::value* find(const json::object& object, std::string_view name) {
    return find(&object, name);
}
json::value* find(json::object& object, std::string_view name);

/// The member if it is an object (array), else nullptr. A number that the tree holds as text
/// (patchbay/json_tree.hpp) is no object.
const json::object* find_object(const json::object* object, std::string_view name);
inline const json::object* find_object(const json::object& object, std::string_view name) {
    return find_object(&object, name);
}
json::object* find_object(json::object& object, std::string_view name);
const json::array* find_array(const json::object* object, std::string_view name);
inline const json::array* find_array(const json::object& object, std::string_view name) {
    return find_array(&object, name);
}

/// The member's text, or `fallback` if it is no string. Lives as long as the object is unchanged.
std::string_view text(const json::object* object, std::string_view name,
                      std::string_view fallback = {});
inline std::string_view text(const json::object& object, std::string_view name,
                             std::string_view fallback = {}) {
    return text(&object, name, fallback);
}

/// The member as a count, also if it is one as text ("12"); 0 if it is absent, negative or no integer.
std::uint64_t count(const json::object* object, std::string_view name);
inline std::uint64_t count(const json::object& object, std::string_view name) {
    return count(&object, name);
}

/// The elements of a list that may not be there.
inline const json::array& elements(const json::array* list) {
    static const json::array none;
    return list != nullptr ? *list : none;
}

/// True if the member is true.
bool is_true(const json::object* object, std::string_view name);

/// Parses one JSON text, halves of surrogate pairs and numbers of any size included; nothing if it
/// is not JSON or nested deeper than json_tree::kMaxDepth.
std::optional<json::value> parse_json(std::string_view text, json::storage_ptr storage = {});

/// JSON text of `value`, which gives back what parse_json() read: digits as they came, 0.7 as 0.7.
std::string to_text(const json::value& value);

/// True if `needle` occurs in `text`, to look before parsing. May be true for other reasons than a
/// member of that name, never false when there is one (JSON escapes in names apart).
bool mentions(std::string_view text, std::string_view needle);

}  // namespace patchbay::shared
