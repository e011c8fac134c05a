// What Google bills texts by.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace patchbay::google {

/// Code points of a UTF-8 text.
inline std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(
        std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace patchbay::google
