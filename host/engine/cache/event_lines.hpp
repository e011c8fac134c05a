// Kept events as the readers of logged streams take them.
#pragma once

#include <algorithm>
#include <string>

#include "engine/cache/entry.hpp"

namespace patchbay {

/// One event a line. A line break in JSON is only ever white space.
inline std::string event_lines(const KeptEvents& events) {
    std::string lines;
    lines.reserve(events.text().size());
    std::size_t at = 0;
    for (KeptEvents::Event event; events.next(at, event);) {
        const std::size_t begin = lines.size();
        lines += event.json;
        std::replace(lines.begin() + static_cast<std::ptrdiff_t>(begin), lines.end(), '\n', ' ');
        lines += '\n';
    }
    return lines;
}

}  // namespace patchbay
