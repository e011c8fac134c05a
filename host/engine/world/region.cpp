#include "engine/world/region.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>

namespace patchbay {

namespace {

constexpr std::string_view kEurope = "eu", kStates = "us";

// Azure's names, which are countries' and points of the compass; those of the European Union alone.
constexpr auto kAzureEurope = std::to_array<std::string_view>(
    {"westeurope", "northeurope", "france", "germany", "sweden", "poland", "italy", "spain",
     "austria", "belgium", "denmark", "finland"});
constexpr auto kAzureStates = std::to_array<std::string_view>(
    {"eastus", "westus", "centralus", "northcentralus", "southcentralus", "westcentralus"});

bool begins(std::string_view text, std::span<const std::string_view> names) {
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view name) { return text.starts_with(name); });
}

}  // namespace

std::string_view region_group(std::string_view region) {
    std::string name(region);
    for (char& c : name) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    std::erase(name, ' ');
    if (name == kEurope || name.starts_with("eu-") || name.starts_with("europe") ||
        begins(name, kAzureEurope)) {
        return kEurope;
    }
    if (name == kStates || name.starts_with("us-") || begins(name, kAzureStates)) return kStates;
    return {};
}

std::string_view region_of(const boost::json::object& params) {
    for (const char* name : {"region_name", "aws_region_name", "vertex_location"}) {
        const auto* place = params.if_contains(name);
        const auto* text = place ? place->if_string() : nullptr;
        if (text && !region_group(*text).empty()) return region_group(*text);
    }
    return {};
}

}  // namespace patchbay
