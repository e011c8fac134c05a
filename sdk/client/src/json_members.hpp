// Members of a JSON object that a program gave, as far as they are what they should be.
#pragma once

#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace patchbay::client {

/// Empty: there is none, or it is no string. The view is into `object`.
inline std::string_view text_member(const boost::json::object& object, std::string_view name) {
    const boost::json::value* value = object.if_contains(name);
    return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

/// nullptr: there is none, or it is no object.
inline const boost::json::object* object_member(const boost::json::object& object,
                                                std::string_view name) {
    const boost::json::value* value = object.if_contains(name);
    return value ? value->if_object() : nullptr;
}

}  // namespace patchbay::client
