// Readers of JSON of unknown shape, under the names that this folder uses.
#pragma once

#include "failure/failure.hpp"
#include "json/access.hpp"

namespace patchbay::aws {

namespace json = boost::json;

using shared::bad_request;
using shared::Failure;
using shared::find;
using shared::find_object;
using shared::parse_json;
using shared::report;
using shared::Result;
using shared::text;
using shared::to_text;

}  // namespace patchbay::aws
