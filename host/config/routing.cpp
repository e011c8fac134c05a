#include "config/routing.hpp"

#include <algorithm>
#include <array>

namespace patchbay {

namespace {

struct PolicyName {
    std::string_view error;  ///< of LiteLLM's exception, "TimeoutError"
    PolicyClass cls;
};
constexpr auto kPolicyNames = std::to_array<PolicyName>({
    {"BadRequestError", PolicyClass::bad_request},
    {"AuthenticationError", PolicyClass::authentication},
    {"TimeoutError", PolicyClass::timeout},
    {"RateLimitError", PolicyClass::rate_limit},
    {"ContentPolicyViolationError", PolicyClass::content_policy},
    {"InternalServerError", PolicyClass::internal_server},
});

void add(FallbackMap& to, const FallbackMap& from) {
    // A section's own list stands for the other's whole list, as in LiteLLM.
    if (to.empty()) to = from;
}

}  // namespace

std::optional<PolicyClass> policy_class_of(std::string_view key, std::string_view ending) {
    for (const PolicyName& known : kPolicyNames) {
        if (key.size() == known.error.size() + ending.size() && key.starts_with(known.error) &&
            key.ends_with(ending)) {
            return known.cls;
        }
    }
    return std::nullopt;
}

void FallbackSettings::add_missing(const FallbackSettings& other) {
    const auto star = general.find("*");
    if (general.empty()) {
        add(general, other.general);
    } else if (star == general.end()) {
        if (const auto theirs = other.general.find("*"); theirs != other.general.end()) {
            general.insert(*theirs);
        }
    } else if (general.size() == 1) {
        general.insert(other.general.begin(), other.general.end());
    }
    add(context_window, other.context_window);
    add(content_policy, other.content_policy);
    if (!max) max = other.max;
    if (!allowed_fails) allowed_fails = other.allowed_fails;
}

const StrategySettings& OwnRouting::strategy_or(const RoutingSettings& all) const {
    return strategy ? *strategy : all;
}

const AffinitySettings& OwnRouting::affinity_or(const RoutingSettings& all) const {
    return affinity ? *affinity : all.affinity;
}

std::optional<AffinitySettings> RoutingSettings::affinity_of(std::string_view group) const {
    const auto own = group_affinity.find(group);
    if (own == group_affinity.end()) return std::nullopt;
    AffinitySettings made = own->second;
    made.prompt = affinity.prompt;
    made.ttl = affinity.ttl;
    return made;
}

bool RoutingSettings::hedges() const {
    return hedge.share > 0 ||
           std::any_of(own_groups.begin(), own_groups.end(), [](const auto& own) {
               return own.second.hedge && own.second.hedge->share > 0;
           });
}

double RoutingSettings::hedge_share(std::string_view group) const {
    const auto own = own_groups.find(group);
    if (own != own_groups.end() && own->second.hedge) return own->second.hedge->share;
    return hedge.share;
}

}  // namespace patchbay
