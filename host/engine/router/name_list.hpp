// Lists of names as one text.
#pragma once

#include <algorithm>
#include <string_view>

namespace patchbay {

/// Is `name` one of a comma separated list, with white space around its commas or without?
inline bool is_listed(std::string_view list, std::string_view name) {
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        std::string_view one = list.substr(0, comma);
        while (one.starts_with(' ')) one.remove_prefix(1);
        while (one.ends_with(' ')) one.remove_suffix(1);
        if (one == name) return true;
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return false;
}

}  // namespace patchbay
