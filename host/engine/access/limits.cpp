#include "engine/access/limits.hpp"

#include <algorithm>

#include "engine/world/provider_name.hpp"

namespace patchbay::access {

bool concerns(const Limited& limited, const ModelNames& model) {
    if (limited.model.empty() || limited.model == model.group) return true;
    if (limited.of_group) return false;
    if (limited.model == model.asked) return true;
    const std::size_t slash = model.asked.find('/');
    if (slash != model.asked.npos) return limited.model == model.asked.substr(slash + 1);
    // A name without a provider that a pattern serves is that of the provider which it means.
    const std::size_t own = limited.model.find('/');
    return own != limited.model.npos && model.group.find('*') != model.group.npos &&
           std::string_view(limited.model).substr(own + 1) == model.asked &&
           std::string_view(limited.model).substr(0, own) == provider_of_bare(model.asked);
}

bool has_budget(const Limits& limits) {
    return !limits.exempt &&
           std::any_of(limits.limits.begin(), limits.limits.end(), [](const Limited& limited) {
               return limited.asked && limited.subject->budget.hard();
           });
}

bool has_token_limit(const Limits& limits) {
    return !limits.exempt &&
           std::any_of(limits.limits.begin(), limits.limits.end(), [](const Limited& limited) {
               return limited.subject->tpm != Subject::kNone;
           });
}

}  // namespace patchbay::access
