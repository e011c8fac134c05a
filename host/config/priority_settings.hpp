// How the capacity of models is shared by priority: `priority_reservation` and `priority_reservation_settings`. Names are
// LiteLLM's; docs/routing.md tells what each does. Values only, read from any thread once loaded.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace patchbay {

/// What keys of one priority may use of a model that is saturated.
struct PriorityShare {
    enum class Of { percent, rpm, tpm };

    std::string priority;
    Of of = Of::percent;
    double value = 0;  ///< of the model's capacity, 1 = all; else requests or tokens of a minute
    Place place;
};

struct PrioritySettings {
    static constexpr double kDefaultShare = 0.25;
    static constexpr double kDefaultThreshold = 0.5;
    /// Sums of shares are as exact as doubles are.
    static constexpr double kExact = 1e-9;

    std::vector<PriorityShare> shares;     ///< in file order; empty: nothing is reserved
    double default_share = kDefaultShare;  ///< of keys without such a priority, all together
    double threshold = kDefaultThreshold;  ///< of the capacity, from which on shares hold
    Place place;                           ///< of `priority_reservation`
};

}  // namespace patchbay
