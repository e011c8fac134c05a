#include "dialect.hpp"

#include <algorithm>

#include "families.hpp"

namespace patchbay::openai {

const OperationRule* Dialect::find(std::string_view operation) const {
    const auto found =
        std::find_if(operations.begin(), operations.end(),
                     [&](const OperationRule& rule) { return rule.id == operation; });
    return found != operations.end() ? &*found : nullptr;
}

bool glob_match(std::string_view pattern, std::string_view text) {
    const bool open_front = pattern.starts_with('*');
    if (open_front) pattern.remove_prefix(1);
    const bool open_back = pattern.ends_with('*') || (open_front && pattern.empty());
    if (pattern.ends_with('*')) pattern.remove_suffix(1);
    if (open_front && open_back) return text.find(pattern) != std::string_view::npos;
    if (open_front) return text.ends_with(pattern);
    if (open_back) return text.starts_with(pattern);
    return text == pattern;
}

const ModelRule* find_model_rule(const Dialect& dialect, std::string_view model) {
    const auto found =
        std::find_if(dialect.models.begin(), dialect.models.end(), [&](const ModelRule& rule) {
            return std::any_of(rule.match.begin(), rule.match.end(),
                               [&](const auto& pattern) { return glob_match(pattern, model); });
        });
    return found != dialect.models.end() ? &*found : nullptr;
}

ParamSet supported_params(const Dialect& dialect, std::string_view model) {
    if (dialect.every_param) return ParamSet::all();
    ParamSet set = dialect.supported;
    if (dialect.openai_families) return family_params(set, family_of(model), model);
    if (const ModelRule* rule = find_model_rule(dialect, model)) {
        set.add(rule->also);
        set.remove(rule->unsupported);
    }
    return set;
}

}  // namespace patchbay::openai
