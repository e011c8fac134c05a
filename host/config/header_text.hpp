// What a value must be that is sent in an HTTP header: keys, tokens, headers of the operator's own.
#pragma once

#include <string_view>

namespace patchbay {

/// Without blanks, tabs and line ends at both ends.
std::string_view without_blank_ends(std::string_view text);

/// Can a header carry it (RFC 9110, section 5.5)? Not with a control character other than a tab.
bool fits_header(std::string_view text);

}  // namespace patchbay
