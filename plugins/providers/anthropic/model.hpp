// SPDX-License-Identifier: Apache-2.0
// What a model's name tells about it.
#pragma once

#include <string_view>

namespace patchbay::anthropic {

/// Ways to think that a model takes.
enum class ThinkingModes {
    none,
    budget,    ///< {"type": "enabled", "budget_tokens": n}
    both,      ///< that and {"type": "adaptive"}
    adaptive,  ///< budgets are refused
};

/// temperature, top_p and top_k.
enum class Sampling {
    free,
    one_of,  ///< temperature and top_p together are refused
    fixed,   ///< none may be other than the default
};

/// The highest output_config.effort that a model takes, in their order.
enum class Effort { none, low, medium, high, xhigh, max };

struct ModelTraits {
    ThinkingModes thinking = ThinkingModes::budget;
    Sampling sampling = Sampling::free;
    Effort effort = Effort::none;
    bool xhigh = false;       ///< "xhigh" came later than "max"
    bool prefill = true;      ///< a last assistant message may begin the answer
    bool structured = false;  ///< answers of a JSON schema ("Structured outputs")

    bool thinks() const { return thinking != ThinkingModes::none; }
    bool takes_adaptive() const {
        return thinking == ThinkingModes::both || thinking == ThinkingModes::adaptive;
    }
    bool takes_effort(Effort asked) const {
        return asked <= effort && (asked != Effort::xhigh || xhigh);
    }
};

/// Reads family and version out of names such as "claude-3-7-sonnet-20250219" and
/// "claude-opus-4-6". Names that are not understood have the default traits.
ModelTraits traits_of(std::string_view model);

}  // namespace patchbay::anthropic
