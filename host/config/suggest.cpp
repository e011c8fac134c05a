#include "config/suggest.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace patchbay {
namespace {

/// Longer names are never compared; every name of LiteLLM's is shorter.
constexpr std::size_t kMaxName = 96;

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
    const std::size_t apart = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
    if (apart > limit || a.size() > kMaxName || b.size() > kMaxName) return limit + 1;
    std::array<std::array<std::size_t, kMaxName + 1>, 3> rows;
    auto* before = &rows[0];
    auto* last = &rows[1];
    auto* row = &rows[2];
    std::iota(last->begin(), last->begin() + b.size() + 1, std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        (*row)[0] = i;
        std::size_t least = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            std::size_t best =
                std::min({(*last)[j] + 1, (*row)[j - 1] + 1, (*last)[j - 1] + change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                best = std::min(best, (*before)[j - 2] + 1);
            }
            (*row)[j] = best;
            least = std::min(least, best);
        }
        if (least > limit) return limit + 1;
        std::swap(before, last);
        std::swap(last, row);
    }
    return std::min((*last)[b.size()], limit + 1);
}

std::size_t typo_limit(std::string_view name) {
    return name.size() < 6 ? 1 : 2;
}

void Nearest::offer(std::string_view known) {
    if (best_ == 0) return;
    const std::size_t distance = edit_distance(name_, known, best_ - 1);
    if (distance < best_) {
        best_ = distance;
        found_ = known;
    }
}

}  // namespace patchbay
