// Parameters whose value decides: what becomes of tool_choice, response_format, thinking and the
// like.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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

/// The reasoning effort that stands for a thinking object: high from 10,000 tokens, medium from
/// 5,000, else low. Empty if thinking is off or not an object.
std::string effort_of_thinking(std::string_view json);

/// {"include_usage":true} with the other members of `json` ("" = the client sent none); keep if it
/// is there already.
ValueAction with_include_usage(std::string_view json);

/// The number, or nothing.
std::optional<double> number(std::string_view json);

}  // namespace patchbay::openai
