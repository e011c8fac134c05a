// The tier in which a provider serves a request, of which its price depends.
#pragma once

#include <cstdint>
#include <string_view>

namespace patchbay {

/// `untold`: nothing is known, and the standard price holds.
enum class ServiceTier : std::uint8_t {
    untold,
    standard,
    batches,
    priority,
    flex,
    balanced,
    ultrafast,
    decisions
};

/// The tier that a provider or a client means ("default", "ON_DEMAND_FLEX"), without regard to case;
/// `untold` for names that say nothing of the price ("auto", "").
ServiceTier service_tier(std::string_view name);

}  // namespace patchbay
