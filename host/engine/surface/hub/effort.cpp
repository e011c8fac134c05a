#include "engine/surface/hub/effort.hpp"

#include <algorithm>
#include <array>

namespace patchbay::surface {

namespace {

struct Effort {
    std::string_view name;
    std::uint64_t most_budget;
};
constexpr std::array kEfforts{Effort{"low", 1024}, Effort{"medium", 2048},
                              Effort{"high", UINT64_MAX}};

}  // namespace

std::string_view effort_of_budget(std::uint64_t tokens) {
    return std::find_if(kEfforts.begin(), kEfforts.end(),
                        [&](const Effort& row) { return tokens <= row.most_budget; })
        ->name;
}

}  // namespace patchbay::surface
