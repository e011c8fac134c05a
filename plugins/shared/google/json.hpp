// Readers of JSON of unknown shape, under the names that this folder uses.
#pragma once

#include "json/access.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::google {

namespace json = boost::json;

using json_tree::is_number;
using shared::count;
using shared::find;
using shared::find_array;
using shared::find_object;
using shared::is_true;
using shared::parse_json;
using shared::text;
using shared::to_text;

inline std::string_view view(const json::string& words) {
    return {words.data(), words.size()};
}

}  // namespace patchbay::google
