// "$ref" of JSON Schema, followed before the library does.
//
// The library follows a reference that leads back to itself until its stack is full, and one of two that lead to
// two more, and so on, for as long as that takes. Settings need neither.
#pragma once

#include <string>

#include <boost/json/value.hpp>

namespace patchbay {

/// What is wrong with the references of the schema; empty = nothing. Each must lead to a schema in
/// the same document, none back to where it stands, and all of them to no more than some
/// thousands of schemas.
std::string check_references(const boost::json::value& schema);

}  // namespace patchbay
