// SPDX-License-Identifier: Apache-2.0
// Readers of JSON of unknown shape, and failures, under the names that this plugin uses.
#pragma once

#include "failure/call_failure.hpp"
#include "failure/failure.hpp"
#include "json/access.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::bedrock {

namespace json = boost::json;

using json_tree::is_number;
using shared::bad_request;
using shared::count;
using shared::Failure;
using shared::find;
using shared::find_array;
using shared::find_object;
using shared::is_true;
using shared::parse_json;
using shared::report;
using shared::Result;
using shared::text;
using shared::to_text;

inline std::string_view view(const json::string& words) {
    return {words.data(), words.size()};
}

/// An object of one member.
inline json::object one(std::string_view name, json::value value) {
    json::object made;
    made[name] = std::move(value);
    return made;
}

/// Bedrock answered something that its API does not answer.
inline Failure unreadable(std::string_view what) {
    return shared::unreadable("Bedrock", what);
}
inline Failure unreadable(std::string_view what, const bay_ev_http& answer) {
    return shared::unreadable("Bedrock", what, answer);
}

/// A call to Bedrock that ended with a BAY_FAIL_*.
inline Failure failure_of_call(const bay_ev_http& done) {
    return shared::failure_of_call(done, "Bedrock");
}

}  // namespace patchbay::bedrock
