// A header of a message: name and value, as they are on the wire, and how names compare.
#pragma once

#include <algorithm>
#include <string_view>

namespace patchbay::http {

struct Header {
    std::string_view name;
    std::string_view value;
};

/// True if the texts are the same but for the case of ASCII letters, as header names, schemes and
/// hosts are compared (RFC 9110, 5.1). Not Beast's iequals(), which in Boost 1.81 reads a byte past
/// the end of texts that differ in case.
constexpr bool iequals(std::string_view a, std::string_view b) {
    constexpr auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace patchbay::http
