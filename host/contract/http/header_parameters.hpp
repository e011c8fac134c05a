// Parameters of a header's value: `; name=value; name="quoted value"` (RFC 9110 section 5.6.6).
#pragma once

#include <string>
#include <string_view>

namespace patchbay::http {

/// Views into the text that was read.
struct Parameter {
    std::string_view name;   ///< a token, letters as written
    std::string_view value;  ///< without its quotes
    bool quoted = false;     ///< value may hold escapes: unescaped()
};

/// Takes the parameter that `rest` begins with, with its semicolon and the blanks around. False if
/// there is none; then `rest` is empty after blanks, or begins with what is wrong.
bool take_parameter(std::string_view& rest, Parameter& parameter);

/// Takes a token (RFC 9110), perhaps an empty one.
std::string_view take_token(std::string_view& rest);

/// A quoted value with \" and \\ decoded. Every other backslash stays, as it does in the file names
/// of those who do not escape.
std::string unescaped(std::string_view value);

}  // namespace patchbay::http
