#include "dialect.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "families.hpp"
#include "json/access.hpp"

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

namespace {

constexpr std::size_t kParts = 3;

/// The parts of `model`, the last with the rest; fewer than three if it has no more.
std::vector<std::string_view> parts_of(std::string_view model, char separator) {
    std::vector<std::string_view> parts;
    while (parts.size() + 1 < kParts) {
        const auto at = model.find(separator);
        if (at == std::string_view::npos) break;
        parts.push_back(model.substr(0, at));
        model.remove_prefix(at + 1);
    }
    parts.push_back(model);
    return parts;
}

bool is_about(const ModelRule& rule, std::string_view model) {
    const auto matches = [&](const std::string& pattern) { return glob_match(pattern, model); };
    if (std::none_of(rule.match.begin(), rule.match.end(), matches)) return false;
    if (std::any_of(rule.except.begin(), rule.except.end(), matches)) return false;
    return rule.separator == 0 || parts_of(model, rule.separator).size() == kParts;
}

std::string part(const ModelRule* rule, std::string_view model, std::string_view number) {
    if (rule == nullptr || rule->separator == 0) return std::string(model);
    const auto parts = parts_of(model, rule->separator);
    const std::size_t index = static_cast<std::size_t>(number[0] - '1');
    return index < parts.size() ? std::string(parts[index]) : std::string();
}

std::string setting(const Dialect& dialect, std::string_view settings, std::string_view name) {
    const auto value = shared::mentions(settings, name) ? shared::parse_json(settings)
                                                        : std::optional<boost::json::value>();
    const boost::json::object* object = value ? value->if_object() : nullptr;
    if (const auto given = shared::text(object, name); !given.empty()) return std::string(given);
    for (const Rename& own : dialect.settings) {
        if (own.from == name) return own.to;
    }
    return {};
}

}  // namespace

const ModelRule* find_model_rule(const Dialect& dialect, std::string_view model) {
    const auto found = std::find_if(dialect.models.begin(), dialect.models.end(),
                                    [&](const ModelRule& rule) { return is_about(rule, model); });
    return found != dialect.models.end() ? &*found : nullptr;
}

ParamSet supported_params(const Dialect& dialect, std::string_view model) {
    if (dialect.every_param) return ParamSet::all();
    ParamSet set = dialect.supported;
    if (dialect.openai_families) {
        const Family family = family_of(model);
        set = family_params(set, family, model);
        if (family == Family::chat) set.remove(dialect.chat_lacks);
    }
    if (const ModelRule* rule = find_model_rule(dialect, model)) {
        set.add(rule->also);
        set.remove(rule->unsupported);
    }
    return set;
}

std::string filled(std::string_view text, const Dialect& dialect, const ModelRule* rule,
                   std::string_view model, std::string_view settings) {
    std::string out;
    for (;;) {
        const auto open = text.find('{');
        const auto close = open == std::string_view::npos ? open : text.find('}', open);
        if (close == std::string_view::npos) return out.append(text);
        out.append(text.substr(0, open));
        const std::string_view name = text.substr(open + 1, close - open - 1);
        const bool number = name.size() == 1 && name[0] >= '1' && name[0] <= '3';
        out += number ? part(rule, model, name) : setting(dialect, settings, name);
        text.remove_prefix(close + 1);
    }
}

}  // namespace patchbay::openai
