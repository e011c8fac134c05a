#include "thinking.hpp"

#include <algorithm>
#include <array>

namespace patchbay::google {

namespace {

struct Effort {
    std::string_view name;
    std::uint64_t budget;    ///< LiteLLM's; 0: the model's least
    std::string_view level;  ///< empty: the model's lowest
};
constexpr std::array kEfforts{
    Effort{"minimal", 0, ""},     Effort{"low", 1024, "low"},    Effort{"medium", 2048, "medium"},
    Effort{"high", 4096, "high"}, Effort{"xhigh", 4096, "high"}, Effort{"max", 4096, "high"},
};

const Effort* find_effort(std::string_view name) {
    const auto* known = std::find_if(kEfforts.begin(), kEfforts.end(),
                                     [&](const Effort& row) { return row.name == name; });
    return known == kEfforts.end() ? nullptr : known;
}

std::string_view level_of(std::string_view level, const ModelTraits& traits) {
    if (level.empty()) return traits.lowest_level;
    return level == "medium" && !traits.medium_level ? "high" : level;
}

json::object shown(bool thoughts) {
    return {{"includeThoughts", thoughts}};
}

json::object by_effort(const Effort& effort, const ModelTraits& traits) {
    auto config = shown(true);
    if (traits.thinking == ThinkingForm::level) {
        config["thinkingLevel"] = level_of(effort.level, traits);
    } else {
        config["thinkingBudget"] =
            effort.budget == 0 ? static_cast<std::uint64_t>(traits.least_budget) : effort.budget;
    }
    return config;
}

// As little as the model can.
json::object off(const ModelTraits& traits) {
    auto config = shown(false);
    if (traits.thinking == ThinkingForm::level) {
        config["thinkingLevel"] = traits.lowest_level;
    } else {
        config["thinkingBudget"] = traits.thinking_ends ? 0 : traits.least_budget;
    }
    return config;
}

// The lowest effort whose budget is no less.
std::string_view level_of_budget(std::uint64_t tokens) {
    for (const auto& row : kEfforts) {
        if (row.budget >= tokens) return row.level;
    }
    return "high";
}

Result<json::object> own_thinking(const json::object& given, const ModelTraits& traits) {
    if (text(given, "type") == "disabled") return off(traits);
    auto config = shown(true);
    const auto* budget = find(given, "budget_tokens");
    if (!budget || text(given, "type") == "adaptive") return config;
    const auto tokens = count(given, "budget_tokens");
    if (tokens == 0) return bad_request("thinking.budget_tokens", "must be a positive integer");
    if (traits.thinking == ThinkingForm::level) {
        config["thinkingLevel"] = level_of(level_of_budget(tokens), traits);
    } else {
        config["thinkingBudget"] = *budget;
    }
    return config;
}

bool is_off(std::string_view effort) {
    return effort == "none" || effort == "disable";
}

}  // namespace

std::string_view effort_word(const json::value& effort) {
    if (const auto* object = effort.if_object()) return text(*object, "effort");
    const auto* word = effort.if_string();
    return word ? view(*word) : std::string_view();
}

bool is_known_effort(std::string_view word) {
    return is_off(word) || word == "default" || find_effort(word) != nullptr;
}

bool asks_no_thought(const json::value& value) {
    const auto* object = value.if_object();
    return is_off(effort_word(value)) || (object && text(*object, "type") == "disabled");
}

Result<json::object> thinking_config(const json::object& client, const ModelTraits& traits) {
    if (traits.thinking == ThinkingForm::none) return json::object();
    if (const auto* given = find(client, "thinking")) {
        if (!given->is_object()) return bad_request("thinking", "must be an object");
        return own_thinking(given->get_object(), traits);
    }
    const auto* effort = find(client, "reasoning_effort");
    const auto word = effort ? effort_word(*effort) : std::string_view();
    if (is_off(word)) return off(traits);
    if (const auto* known = find_effort(word)) return by_effort(*known, traits);
    return json::object();
}

}  // namespace patchbay::google
