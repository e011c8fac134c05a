// SPDX-License-Identifier: Apache-2.0
// Percent-encoding, for forms, queries and paths.
#pragma once

#include <string>

#include "text.hpp"

namespace bay {

/// True for what RFC 3986 calls unreserved: letters, digits, "-", ".", "_" and "~".
inline bool unreserved(char c) noexcept {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

/// Every byte that is neither unreserved nor in `keep` as "%" and two upper-case digits. So a
/// value can stand in a query and in a form (application/x-www-form-urlencoded), and with `keep`
/// "/" in a path; it is AWS's UriEncode(), too.
inline std::string percent_encoded(std::string_view text, std::string_view keep = {}) {
    std::string result;
    for (const char c : text) {
        if (unreserved(c) || keep.find(c) != std::string_view::npos) {
            result += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        result += '%';
        result += "0123456789ABCDEF"[byte >> 4];
        result += "0123456789ABCDEF"[byte & 15];
    }
    return result;
}

}  // namespace bay
