// SPDX-License-Identifier: Apache-2.0
// What a model's name tells about it.
#pragma once

#include <string_view>

namespace patchbay::anthropic {

struct ModelTraits {
    bool thinking = true;   ///< takes `thinking` at all
    bool adaptive = false;  ///< thinks by effort ("adaptive"); budgets are deprecated or refused
};

/// Reads the version out of names such as "claude-3-7-sonnet-20250219" and "claude-opus-4-6".
/// Thinking came with 3.7; effort in place of budgets with 4.6 (Anthropic, "Adaptive thinking").
/// Names that are not understood are taken to think by budget.
ModelTraits traits_of(std::string_view model);

}  // namespace patchbay::anthropic
