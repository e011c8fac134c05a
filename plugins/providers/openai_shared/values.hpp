// Parameters whose value decides: what becomes of tool_choice, response_format, thinking and the
// like.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialect.hpp"

namespace patchbay::openai {

/// What to do with one member.
struct ValueAction {
    enum class Kind : std::uint8_t { keep, drop, replace, unsupported };
    Kind kind = Kind::keep;
    std::string json;  ///< replace: the new value
};

/// All take the raw JSON text of the value. A value that is not of the expected shape is kept: the
/// provider shall say what is wrong with it.
ValueAction apply_tool_choice(const ToolChoiceRule& rule, std::string_view json);
ValueAction apply_response_format(FormatRule rule, std::string_view json);

/// `has_n_gt_1`: the request asks for several choices.
ValueAction apply_temperature(const Dialect& dialect, std::string_view json, bool has_n_gt_1);

/// Removes the rule's keywords from the parameter schemas of tools, at any depth, and cache_control
/// marks unless the provider keeps them.
ValueAction apply_tools(const Dialect& dialect, std::string_view json);

/// {"type":"enabled"} or {"type":"disabled"}, without a budget.
ValueAction apply_thinking_switch(std::string_view json);

/// The "effort" of an object; dropped if it has none.
ValueAction apply_effort_object(std::string_view json);

/// A word of reasoning_effort in the model's own words (ModelRule::efforts).
ValueAction apply_effort_words(const std::vector<Rename>& words, std::string_view json);

/// True if `thinking` says that the model is not to think.
bool is_thinking_off(std::string_view thinking);

/// OpenAI takes four sequences and refuses more: the first four, as LiteLLM has it.
ValueAction apply_stop(std::string_view stop);

/// The reasoning effort that stands for a thinking object: high from 4,096 tokens, medium from
/// 2,048, else low. Empty if thinking is off or not an object.
std::string effort_of_thinking(std::string_view json);

/// The budget of thinking, in tokens, that stands for a reasoning effort: 1,024 for low, 2,048 for
/// medium, and so on. 0 for "none" and what is no effort.
std::uint64_t budget_of_effort(std::string_view json);

/// "budget_tokens" of thinking that is enabled; else 0.
std::uint64_t budget_of_thinking(std::string_view json);

/// The schema of a response_format of the type json_schema, as JSON text; else empty.
std::string schema_of_format(std::string_view json);

/// The members of an object: the names as they stand between quotes, and the values as JSON texts.
std::vector<std::pair<std::string, std::string>> members_of(std::string_view json);

/// {"include_usage":true} with the other members of `json` ("" = the client sent none); keep if it
/// is there already.
ValueAction with_include_usage(std::string_view json);

/// The number, or nothing.
std::optional<double> number(std::string_view json);

}  // namespace patchbay::openai
