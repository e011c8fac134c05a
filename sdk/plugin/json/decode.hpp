// The inside of JSON strings.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace patchbay::json_tree {

/// The value of a hexadecimal digit, or -1.
int hex_value(char c);

/// Length of the escape at the start of `text`, which begins with a backslash: 2 or 6; 0 if there
/// is no such escape.
std::size_t escape_length(std::string_view text);

/// The first byte that is not part of UTF-8 (Unicode 15, table 3-7), or npos.
std::size_t find_no_utf8(std::string_view text);

}  // namespace patchbay::json_tree
