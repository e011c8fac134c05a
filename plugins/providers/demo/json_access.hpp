// Reading JSON of unknown shape: a member that is missing or of another type reads as absent.
#pragma once

#include <cstdint>
#include <string_view>

#include <boost/json.hpp>

namespace patchbay::demo {

namespace json = boost::json;

/// The member, or nullptr if `object` is null, lacks it or has null there.
inline const json::value* member(const json::object* object, std::string_view name) {
    const json::value* found = object ? object->if_contains(name) : nullptr;
    return found && !found->is_null() ? found : nullptr;
}
inline const json::object* object_member(const json::object* object, std::string_view name) {
    const json::value* found = member(object, name);
    return found ? found->if_object() : nullptr;
}
inline const json::array* array_member(const json::object* object, std::string_view name) {
    const json::value* found = member(object, name);
    return found ? found->if_array() : nullptr;
}
inline std::string_view string_member(const json::object* object, std::string_view name) {
    const json::value* found = member(object, name);
    return found && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}
inline bool true_member(const json::object* object, std::string_view name) {
    const json::value* found = member(object, name);
    return found && found->is_bool() && found->get_bool();
}
/// Any JSON number, within [0, limit]; `missing` if there is none.
inline double number_member(const json::object* object, std::string_view name, double missing,
                            double limit) {
    const json::value* found = member(object, name);
    if (!found || !found->is_number()) return missing;
    const double number = found->to_number<double>();
    return number < 0 ? 0 : number > limit ? limit : number;
}

}  // namespace patchbay::demo
