// Reading JSON of unknown shape: a member that is missing or of another type reads as absent.
#pragma once

#include <string_view>

#include "json/access.hpp"

namespace patchbay::demo {

namespace json = boost::json;

using shared::find;
using shared::find_array;
using shared::find_object;
using shared::is_true;

/// Any JSON number, within [0, limit]; `missing` if there is none.
inline double number_member(const json::object* object, std::string_view name, double missing,
                            double limit) {
    const json::value* found = find(object, name);
    if (!found || !found->is_number()) return missing;
    const double number = found->to_number<double>();
    return number < 0 ? 0 : number > limit ? limit : number;
}

}  // namespace patchbay::demo
