// Tested by request_test.cpp.
#include "thinking_plan.hpp"

#include "patchbay/sdk/upstream.hpp"

namespace patchbay::openai {

namespace {

using Kind = ValueAction::Kind;

// For the answer, above a budget.
constexpr std::uint64_t kRoom = 4096;
constexpr std::string_view kEnabled = R"({"type":"enabled"})";
constexpr std::string_view kDisabled = R"({"type":"disabled"})";

std::string budget_object(std::uint64_t budget) {
    return R"({"type":"enabled","budget_tokens":)" + std::to_string(budget) + "}";
}

}  // namespace

ThinkingPlan plan_thinking(ThinkingRule rule, const ParamRules& rules, const ModelRule* model) {
    ThinkingPlan plan;
    const bool thinking = rules.given(Param::thinking);
    const bool asked = rules.given(Param::reasoning_effort);
    const std::string_view value = rules.value_of(Param::thinking);
    std::string effort(rules.value_of(Param::reasoning_effort));
    if (asked && effort.starts_with('{')) {  // LiteLLM takes the Responses API's form, too
        plan.effort = apply_effort_object(effort);
        effort = plan.effort.json;
    }
    const auto in_words_of_model = [&](std::string_view word) {
        return model != nullptr ? apply_effort_words(model->efforts, word) : ValueAction{};
    };
    if (const ValueAction own = in_words_of_model(effort); asked && own.kind != Kind::keep) {
        plan.effort = own;
    }
    const bool model_thinks = model != nullptr && model->thinks;
    const bool none = effort == "\"none\"";
    plan.thinks = thinking ? !is_thinking_off(value) : asked ? !none : model_thinks;
    switch (rule) {
        case ThinkingRule::keep:
            break;
        case ThinkingRule::switch_only:
            if (thinking) plan.thinking = apply_thinking_switch(value);
            if (asked && !none && !thinking) plan.added_thinking = kEnabled;
            plan.effort = {Kind::drop, {}};
            break;
        case ThinkingRule::off_switch:
            if (thinking) plan.thinking = apply_thinking_switch(value);
            if (asked && !thinking) plan.added_thinking = none ? kDisabled : kEnabled;
            if (none) plan.effort = {Kind::drop, {}};
            break;
        case ThinkingRule::effort:
            if (thinking && !asked) {
                const std::string word = effort_of_thinking(value);
                const std::string quoted = bay::json_quote(word);
                const ValueAction own = in_words_of_model(quoted);
                if (!word.empty() && own.kind == Kind::keep) plan.added_effort = quoted;
                if (!word.empty() && own.kind == Kind::replace) plan.added_effort = own.json;
            }
            plan.thinking = {Kind::drop, {}};
            break;
        case ThinkingRule::budget: {
            const std::uint64_t budget =
                thinking ? budget_of_thinking(value) : budget_of_effort(effort);
            if (!thinking && budget != 0) plan.added_thinking = budget_object(budget);
            if (budget != 0) plan.max_tokens = budget + kRoom;
            plan.effort = {Kind::drop, {}};
            break;
        }
    }
    return plan;
}

}  // namespace patchbay::openai
