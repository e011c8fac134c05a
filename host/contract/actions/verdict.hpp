// What a guardrail answered, copied out of a bay_verdict.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "contract/error.hpp"

namespace patchbay {

/// Values are those of BAY_ALLOW ... in patchbay/guardrail.h.
enum class Decision { allow = 1, block = 2, modify = 3, hold = 4 };

/// See bay_edit.
struct TextEdit {
    std::size_t index = 0;
    std::optional<std::string> text;  ///< nullopt = as it was
    std::size_t hold = 0;             ///< bytes at the end that are not released
};

/// A value. An unknown decision of a plugin is a block: guardrails fail closed.
struct Verdict {
    Decision decision = Decision::block;
    std::vector<TextEdit> edits;  ///< each index at most once, in range
    std::string json;             ///< the whole document instead; empty = edits
    std::optional<Error> error;   ///< of a block, if the guardrail said more than no
    std::string reason;
};

/// A remark of a machine for the log record (bay_out.note).
struct Note {
    std::string key;
    std::string json;  ///< valid JSON
};

}  // namespace patchbay
