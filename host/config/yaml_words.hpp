// YAML's syntax errors in words an operator knows: the library's own say what its grammar misses,
// not what the line has too much.
#pragma once

#include <string>
#include <string_view>

namespace patchbay::yaml {

/// What the library's complaint about `line` and `column` (from 1) of `text` means, and the line
/// with a mark below it. Values of the file are not shown, for one may be a key. `column` is moved
/// to what is wrong.
std::string explain(std::string_view text, const std::string& complaint, int line, int& column);

}  // namespace patchbay::yaml
