// SPDX-License-Identifier: Apache-2.0
// Readers of JSON of unknown shape, under the names that this plugin uses.
#pragma once

#include "json/access.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::anthropic {

namespace json = boost::json;

using json_tree::is_number;
using shared::count;
using shared::find;
using shared::find_array;
using shared::find_object;
using shared::parse_json;
using shared::text;
using shared::to_text;

}  // namespace patchbay::anthropic
