#include "cuts.hpp"

#include <algorithm>
#include <random>

namespace patchbay::transcript {

std::vector<std::size_t> piece_sizes(std::size_t total, Cuts cuts) {
    if (cuts.kind == Cuts::whole || total == 0) return {total};
    if (cuts.kind == Cuts::every_byte) return std::vector<std::size_t>(total, 1);
    std::mt19937 random(cuts.seed);
    std::vector<std::size_t> sizes;
    while (total > 0) {
        // Mostly small pieces, some large: cuts fall inside lines as well as between events.
        const std::size_t most = random() % 4 == 0 ? 400 : 12;
        sizes.push_back(std::min<std::size_t>(1 + random() % most, total));
        total -= sizes.back();
    }
    return sizes;
}

}  // namespace patchbay::transcript
