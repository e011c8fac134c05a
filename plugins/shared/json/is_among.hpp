// Whether a name is one of a list.
#pragma once

#include <algorithm>
#include <iterator>
#include <string_view>

namespace patchbay::shared {

template <class Names>
bool is_among(std::string_view name, const Names& names) {
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

}  // namespace patchbay::shared
