// What the tests of scans share.
#pragma once

#include <string_view>

#include "contract/shape/answer_facts.hpp"

namespace patchbay {

// The part of `text` that a scan found; a view into it.
inline std::string_view cut(std::string_view text, TextRange range) {
    return text.substr(range.off, range.len);
}

}  // namespace patchbay
