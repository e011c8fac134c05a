// What a model's name tells about it.
#pragma once

#include <string_view>

namespace patchbay::google {

/// How a model is told how much to think.
enum class ThinkingForm {
    none,    ///< it does not think
    budget,  ///< thinkingConfig.thinkingBudget, in tokens
    level,   ///< thinkingConfig.thinkingLevel
};

struct ModelTraits {
    ThinkingForm thinking = ThinkingForm::budget;
    int least_budget = 1;       ///< what the effort "minimal" asks for
    bool thinking_ends = true;  ///< a budget of 0 turns thinking off
    std::string_view lowest_level = "minimal";
    bool medium_level = true;
    bool system = true;  ///< takes systemInstruction
    /// Gemini 3 and later: calls and results have ids, signatures of calls are checked, an image has
    /// a resolution of its own, results hold images, and searches stand beside functions.
    bool third = false;
};

/// Reads family and version out of names such as "gemini-2.5-flash-lite" and
/// "models/gemini-3.1-pro-preview". A Gemini without a version ("gemini-flash-latest") is a new one;
/// other names that are not understood have the default traits. `model` may begin with a path.
ModelTraits traits_of(std::string_view model);

}  // namespace patchbay::google
