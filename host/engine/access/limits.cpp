#include "engine/access/limits.hpp"

#include <algorithm>

namespace patchbay::access {

bool concerns(const Limited& limited, const ModelNames& model) {
    if (limited.model.empty() || limited.model == model.group) return true;
    if (limited.of_group) return false;
    if (limited.model == model.asked) return true;
    const std::size_t slash = model.asked.find('/');
    return slash != model.asked.npos && limited.model == model.asked.substr(slash + 1);
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
