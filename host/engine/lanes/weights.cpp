#include "engine/lanes/weights.hpp"

#include <numeric>

namespace patchbay {

Weights::Weights(std::span<const double> weights) : weights_(weights.begin(), weights.end()) {
    constexpr double kWhole = 4294967296.0;
    const auto n = weights_.size();
    double sum = std::accumulate(weights_.begin(), weights_.end(), 0.0);
    if (sum <= 0) {
        weights_.assign(n, 1.0);
        sum = static_cast<double>(n);
    }
    columns_.resize(n);
    std::vector<double> share(n);
    std::vector<std::uint32_t> small;
    std::vector<std::uint32_t> large;
    for (std::uint32_t i = 0; i < n; ++i) {
        share[i] = weights_[i] / sum * static_cast<double>(n);
        columns_[i] = {static_cast<std::uint64_t>(kWhole), i, i};
        (share[i] < 1 ? small : large).push_back(i);
    }
    while (!small.empty() && !large.empty()) {
        const std::uint32_t less = small.back();
        const std::uint32_t more = large.back();
        small.pop_back();
        columns_[less].own_share = static_cast<std::uint64_t>(share[less] * kWhole);
        columns_[less].alias = more;
        share[more] -= 1 - share[less];
        if (share[more] >= 1) continue;
        large.pop_back();
        small.push_back(more);
    }
}

}  // namespace patchbay
