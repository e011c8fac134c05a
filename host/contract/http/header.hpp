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

/// True if name and value may stand in a head (RFC 9110, 5.1 and 5.5): the name is a token, the value
/// holds no control character but the tab.
constexpr bool is_field(const Header& header) {
    constexpr auto token = [](char c) {
        constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               kMarks.find(c) != std::string_view::npos;
    };
    constexpr auto plain = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
    };
    return !header.name.empty() && std::all_of(header.name.begin(), header.name.end(), token) &&
           std::all_of(header.value.begin(), header.value.end(), plain);
}

}  // namespace patchbay::http
