// SPDX-License-Identifier: Apache-2.0
#include "thinking.hpp"

#include <algorithm>
#include <array>

#include "model.hpp"

namespace patchbay::anthropic {

namespace {

struct Effort {
    std::string_view name;
    std::uint64_t budget;     // LiteLLM's budgets, but never under Anthropic's least, 1024
    std::string_view effort;  // of models that think by effort
};

constexpr std::array kEfforts{
    Effort{"minimal", 1024, "low"},   Effort{"low", 1024, "low"},
    Effort{"medium", 2048, "medium"}, Effort{"high", 4096, "high"},
    Effort{"xhigh", 8192, "xhigh"},   Effort{"max", 16384, "max"},
};

// LiteLLM takes {"effort": ..., "summary": ...} as well.
std::string_view effort_name(const json::value& value) {
    const auto* object = value.if_object();
    if (object) return text(*object, "effort");
    const auto* string = value.if_string();
    return string ? std::string_view(*string) : std::string_view();
}

}  // namespace

Result<void> set_thinking(const json::object& client, std::string_view model, json::object& body) {
    if (const auto* thinking = find(client, "thinking")) {
        if (!thinking->is_object()) return bad_request("thinking", "must be an object");
        body["thinking"] = *thinking;
        return {};
    }
    const auto* asked = find(client, "reasoning_effort");
    if (!asked) return {};
    const auto name = effort_name(*asked);
    if (name == "none" || name == "default") return {};
    const auto* known = std::find_if(kEfforts.begin(), kEfforts.end(),
                                     [&](const Effort& effort) { return effort.name == name; });
    if (known == kEfforts.end()) {
        return bad_request("reasoning_effort", "must be none, minimal, low, medium, high or xhigh");
    }
    if (!traits_of(model).adaptive) {
        body["thinking"] = json::object{{"type", "enabled"}, {"budget_tokens", known->budget}};
        return {};
    }
    body["thinking"] = json::object{{"type", "adaptive"}};
    json::object config;
    if (const auto* given = find_object(client, "output_config")) config = *given;
    config.insert({{"effort", known->effort}});
    body["output_config"] = std::move(config);
    return {};
}

bool thinks(const json::object& body) {
    const auto* thinking = find_object(body, "thinking");
    return thinking && text(*thinking, "type") != "disabled";
}

json::value max_tokens_for(const json::object& body, const json::value* given, std::uint64_t room) {
    const auto* thinking = find_object(body, "thinking");
    const auto budget = thinking && thinks(body) ? count(*thinking, "budget_tokens") : 0;
    if (!given) return budget + room;
    const auto* small = given->if_int64();
    const bool too_low = budget > 0 && small && *small <= static_cast<std::int64_t>(budget);
    return too_low ? json::value(budget + room) : *given;
}

}  // namespace patchbay::anthropic
