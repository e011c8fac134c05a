// What the files of this folder share.
#pragma once

#include <string>

namespace patchbay::json_tree {

/// The shortest text that reads back as `number`, with a point or an exponent; "null" if JSON has
/// none.
void append_double(double number, std::string& out);

}  // namespace patchbay::json_tree
