// "pattern" of JSON Schema, for values of any length.
//
// The library's own is std::regex, which calls itself for every character: a key file of 64 KiB ends the process
// on its stack, and a pattern such as ^(a+)+$ does not come back. So the word has another name before the library
// reads a schema, and what it says is judged here: in bounded time, without recursion.
#pragma once

#include <string_view>

#include <boost/json/value.hpp>

namespace valijson {
class SchemaParser;
}

namespace patchbay {

/// Renames "pattern" wherever a schema stands in `schema`, to what read_patterns() makes the parser
/// know. Properties of that name, and data, stay as they are.
void rename_patterns(boost::json::value& schema);

/// Has `parser` read the patterns that were renamed. It throws std::runtime_error, as for other
/// faults of a schema, for one that is no regular expression.
void read_patterns(valijson::SchemaParser& parser);

}  // namespace patchbay
