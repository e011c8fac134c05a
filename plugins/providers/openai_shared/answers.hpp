// Answers that are not quite OpenAI's: rewritten document by document.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dialect.hpp"
#include "patchbay/provider.h"

namespace patchbay::openai {

/// What one answer, or one event of a stream, turned out to be.
struct Answer {
    bool readable = false;            ///< a JSON object
    bool error = false;               ///< has a top-level "error" that is not null
    std::optional<std::string> json;  ///< the rewritten text; nothing = as it came
    std::optional<bay_usage> usage;
};

/// Parses and rewrites; never throws. Documents that no rule applies to keep their bytes.
Answer read_answer(const AnswerRules& rules, std::string_view json);

}  // namespace patchbay::openai
