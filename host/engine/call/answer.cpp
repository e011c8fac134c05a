#include "engine/call/answer.hpp"

#include <algorithm>

namespace patchbay {

Restamped::Restamped(std::string_view json, std::array<Stamp, kMostStamps> stamps) {
    std::sort(stamps.begin(), stamps.end(),
              [](const Stamp& a, const Stamp& b) { return a.range.off < b.range.off; });
    std::size_t at = 0;
    for (const Stamp& stamp : stamps) {
        if (!stamp.range) continue;
        pieces_[count_++] = json.substr(at, stamp.range.off - at);
        pieces_[count_++] = stamp.text;
        at = stamp.range.off + stamp.range.len;
    }
    pieces_[count_++] = json.substr(at);
}

}  // namespace patchbay
