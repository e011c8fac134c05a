// SPDX-License-Identifier: Apache-2.0
#include "thinking.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "envelope/envelope.hpp"
#include "model.hpp"

namespace patchbay::anthropic {

namespace {

// For the answer, on top of a budget, as LiteLLM has it.
constexpr std::uint64_t kRoom = 4096;

struct EffortRow {
    std::string_view name;
    std::uint64_t budget;     // LiteLLM's budgets, but never under Anthropic's least
    std::string_view effort;  // of models that think by effort
    Effort level;
};

constexpr std::array kEfforts{
    EffortRow{"minimal", kLeastBudget, "low", Effort::low},
    EffortRow{"low", kLeastBudget, "low", Effort::low},
    EffortRow{"medium", 2048, "medium", Effort::medium},
    EffortRow{"high", 4096, "high", Effort::high},
    EffortRow{"xhigh", 8192, "xhigh", Effort::xhigh},
    EffortRow{"max", 16384, "max", Effort::max},
};
constexpr auto kMedium = kEfforts[2];

// LiteLLM takes {"effort": ..., "summary": ...} as well.
std::string_view effort_name(const json::value& value) {
    const auto* object = value.if_object();
    if (object) return text(*object, "effort");
    const auto* string = value.if_string();
    return string ? std::string_view(*string) : std::string_view();
}

const json::value* given_max_tokens(const json::object& client) {
    const auto* given = find(client, "max_completion_tokens");
    return given ? given : find(client, "max_tokens");
}

// The client's bound where it is a positive integer: others are for Anthropic to judge.
std::optional<std::uint64_t> bound_of(const json::object& client) {
    const bool newer = find(client, "max_completion_tokens") != nullptr;
    const auto bound = count(client, newer ? "max_completion_tokens" : "max_tokens");
    return bound > 0 ? std::optional(bound) : std::nullopt;
}

Thinking with_budget(std::uint64_t budget, std::optional<std::uint64_t> bound) {
    if (bound && *bound <= kLeastBudget) return {};
    budget = std::max(budget, kLeastBudget);
    if (bound && budget >= *bound) budget = std::max(kLeastBudget, *bound / 2);
    return {true, {{"type", "enabled"}, {"budget_tokens", budget}}, {}, budget};
}

// What the efforts' budgets say, read backwards. No more than "high", the models' default.
std::string_view effort_of_budget(std::uint64_t budget) {
    std::string_view effort = "low";
    for (const auto& row : kEfforts) {
        if (budget >= row.budget && row.level <= Effort::high) effort = row.effort;
    }
    return effort;
}

bool is_call(const json::object& block) {
    return text(block, "type") == "tool_use";
}

bool is_thought(const json::object& block) {
    const auto type = text(block, "type");
    const auto sealed = text(block, type == "thinking" ? "signature" : "data");
    if (shared::is_envelope(sealed)) return false;  // another provider's
    return type == "redacted_thinking" || (type == "thinking" && !sealed.empty());
}

bool has_block(const json::object& message, std::string_view member,
               bool (*wanted)(const json::object& block)) {
    const auto* blocks = find_array(message, member);
    return blocks && std::any_of(blocks->begin(), blocks->end(), [&](const json::value& block) {
               const auto* object = block.if_object();
               return object && wanted(*object);
           });
}

// The last answer called tools, and what the model thought before it is not there. Anthropic: "When
// thinking is enabled, a final assistant message must start with a thinking block"; without it the
// model is not to think in this turn. Clients of OpenAI's API do not know that there are thoughts
// to be sent back.
bool lacks_its_thought(const json::object& client) {
    const auto* messages = find_array(client, "messages");
    if (!messages) return false;
    for (auto message = messages->rbegin(); message != messages->rend(); ++message) {
        const auto* object = message->if_object();
        if (!object || text(*object, "role") != "assistant") continue;
        const auto* calls = find_array(*object, "tool_calls");
        const bool called = (calls && !calls->empty()) || find(*object, "function_call") ||
                            has_block(*object, "content", is_call);
        return called && !has_block(*object, "thinking_blocks", is_thought) &&
               !has_block(*object, "content", is_thought);
    }
    return false;
}

Result<Thinking> own_thinking(const json::object& given, const json::object& client,
                              const RequestOptions& options) {
    const auto traits = traits_of(options.model);
    const auto type = text(given, "type");
    if (type == "disabled") return Thinking{false, given, {}, 0};
    if (type == "adaptive" && !traits.takes_adaptive()) {
        if (lacks_its_thought(client)) return Thinking{};
        return with_budget(kMedium.budget, bound_of(client));
    }
    if (type != "enabled") return Thinking{true, given, {}, 0};
    const auto budget = count(given, "budget_tokens");
    if (budget == 0) return bad_request("thinking.budget_tokens", "must be a positive integer");
    if (traits.thinking == ThinkingModes::adaptive) {
        Thinking thinking{true, {{"type", "adaptive"}}, effort_of_budget(budget), 0};
        if (const auto* display = find(given, "display")) thinking.setting["display"] = *display;
        return thinking;
    }
    if (options.drop_params && lacks_its_thought(client)) return Thinking{};
    if (options.drop_params && !thinking_fault(client, options).empty()) {
        return with_budget(budget, bound_of(client));
    }
    return Thinking{true, given, {}, budget};
}

Result<Thinking> by_effort(const EffortRow& asked, const json::object& client,
                           const RequestOptions& options) {
    const auto traits = traits_of(options.model);
    if (!traits.takes_adaptive()) {
        if (lacks_its_thought(client)) return Thinking{};
        return with_budget(asked.budget, bound_of(client));
    }
    auto level = &asked;
    if (!traits.takes_effort(asked.level)) {
        if (!options.drop_params) {
            return bad_request("reasoning_effort", std::string(options.model) + " has no effort " +
                                                       std::string(asked.name));
        }
        while (!traits.takes_effort(level->level)) --level;
    }
    // Newer models leave the words of their thoughts out unless they are asked for.
    return Thinking{true, {{"type", "adaptive"}, {"display", "summarized"}}, level->effort, 0};
}

std::uint64_t default_max_tokens(const Thinking& thinking, const RequestOptions& options) {
    const auto most = options.max_output_tokens;
    auto tokens = options.default_max_tokens > 0 ? options.default_max_tokens : most;
    if (tokens == 0) tokens = kUnknownMaxTokens;
    if (most > 0) tokens = std::min(tokens, most);
    if (thinking.budget == 0) return tokens;
    auto room = thinking.budget + kRoom;
    if (most > thinking.budget) room = std::min(room, most);
    return options.default_max_tokens > 0 ? std::max(tokens, room) : room;
}

}  // namespace

Result<Thinking> plan_thinking(const json::object& client, const RequestOptions& options) {
    if (const auto* given = find(client, "thinking")) {
        if (!given->is_object()) return bad_request("thinking", "must be an object");
        return own_thinking(given->get_object(), client, options);
    }
    const auto* asked = find(client, "reasoning_effort");
    if (!asked) return Thinking{};
    const auto name = effort_name(*asked);
    if (name == "none" || name == "default") return Thinking{};
    const auto* known = std::find_if(kEfforts.begin(), kEfforts.end(),
                                     [&](const EffortRow& row) { return row.name == name; });
    if (known == kEfforts.end()) {
        return bad_request("reasoning_effort", "must be none, minimal, low, medium, high or xhigh");
    }
    return by_effort(*known, client, options);
}

std::string_view thinking_fault(const json::object& client, const RequestOptions& options) {
    const auto* given = find_object(client, "thinking");
    if (!given || text(*given, "type") != "enabled") return {};
    if (traits_of(options.model).thinking == ThinkingModes::adaptive) return {};
    const auto budget = count(*given, "budget_tokens");
    if (budget < kLeastBudget) return "a budget is at least 1024 tokens";
    const auto bound = bound_of(client);
    if (bound && budget >= *bound && !options.interleaved) {
        return "max_tokens must be greater than the budget";
    }
    return {};
}

Result<void> apply_thinking(const Thinking& thinking, const json::object& client,
                            const RequestOptions& options, json::object& body) {
    if (!thinking.setting.empty()) body["thinking"] = thinking.setting;
    if (!thinking.effort.empty()) {
        json::object config;
        if (const auto* given = find_object(client, "output_config")) config = *given;
        config.insert({{"effort", thinking.effort}});
        body["output_config"] = std::move(config);
    }
    const auto* given = given_max_tokens(client);
    if (given && !is_number(*given)) {
        return bad_request(
            find(client, "max_completion_tokens") ? "max_completion_tokens" : "max_tokens",
            "must be an integer");
    }
    body["max_tokens"] = given ? *given : json::value(default_max_tokens(thinking, options));
    return {};
}

}  // namespace patchbay::anthropic
