#include "contract/shape/service_tier.hpp"

#include <array>

#include "contract/http/header.hpp"

namespace patchbay {

namespace {

struct Name {
    std::string_view name;
    ServiceTier tier;
};

constexpr auto kNames = std::to_array<Name>({
    {"default", ServiceTier::standard},
    {"standard", ServiceTier::standard},
    {"standard_only", ServiceTier::standard},
    {"on_demand", ServiceTier::standard},
    {"batch", ServiceTier::batches},
    {"batches", ServiceTier::batches},
    {"priority", ServiceTier::priority},
    {"fast", ServiceTier::priority},
    {"on_demand_priority", ServiceTier::priority},
    {"flex", ServiceTier::flex},
    {"on_demand_flex", ServiceTier::flex},
    {"balanced", ServiceTier::balanced},
    {"ultrafast", ServiceTier::ultrafast},
    {"decisions", ServiceTier::decisions},
});

}  // namespace

ServiceTier service_tier(std::string_view name) {
    for (const Name& known : kNames) {
        if (http::iequals(known.name, name)) return known.tier;
    }
    return ServiceTier::untold;
}

}  // namespace patchbay
