#include "engine/router/fallbacks.hpp"

#include "engine/surface/request_fallbacks.hpp"

namespace patchbay {

namespace {

constexpr int kMostFallbacks = 5;  // LiteLLM's ROUTER_MAX_FALLBACKS

std::string_view without_provider(std::string_view name) {
    const std::size_t slash = name.find('/');
    return slash == std::string_view::npos ? name : name.substr(slash + 1);
}

// Exactly, else without the provider's prefix, else what is for all.
const std::vector<std::string>* look(const FallbackMap& map, std::string_view name) {
    if (const auto found = map.find(name); found != map.end()) return &found->second;
    for (const auto& [group, targets] : map) {
        if (without_provider(group) == without_provider(name)) return &targets;
    }
    return nullptr;
}

}  // namespace

const FallbackMap& FallbackLists::map_of(FallbackMap FallbackSettings::*kind) const {
    if (!options_.fallbacks) return configured_.*kind;
    const FallbackMap& own = options_.fallbacks->by_group.*kind;
    const bool none = kind == &FallbackSettings::general && options_.fallbacks->no_general;
    return none || !own.empty() ? own : configured_.*kind;
}

const std::vector<std::string>* FallbackLists::find(FallbackKind kind, std::string_view group,
                                                    std::string_view requested, bool first) const {
    if (kind == FallbackKind::none || options_.disable_fallbacks) return nullptr;
    if (first && options_.fallbacks && !options_.fallbacks->list.empty()) {
        return &options_.fallbacks->list;
    }
    const FallbackMap* map = &map_of(&FallbackSettings::general);
    if (kind == FallbackKind::context_window) {
        const FallbackMap& own = map_of(&FallbackSettings::context_window);
        if (!own.empty()) map = &own;
    } else if (kind == FallbackKind::content_policy) {
        const FallbackMap& own = map_of(&FallbackSettings::content_policy);
        if (!own.empty()) map = &own;
    }
    if (const auto* list = look(*map, requested)) return list;
    if (const auto* list = look(*map, group)) return list;
    const auto all = map->find("*");
    return all != map->end() ? &all->second : nullptr;
}

bool FallbackLists::for_content_policy() const {
    return !map_of(&FallbackSettings::content_policy).empty();
}

int FallbackLists::most() const {
    if (options_.fallbacks && options_.fallbacks->by_group.max) {
        return *options_.fallbacks->by_group.max;
    }
    return configured_.max.value_or(kMostFallbacks);
}

}  // namespace patchbay
