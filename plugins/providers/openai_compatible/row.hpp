// A row of openai_compatible.json: what one OpenAI-compatible provider is like, read and checked.
//
// docs/providers.md describes the members. Reading is strict: a member that is not known, or of the
// wrong type, is a problem, so that a misspelt rule is found at start and not by a client.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "openai_shared/dialect.hpp"

namespace patchbay::openai {

struct RowProblem {
    std::string pointer;  ///< RFC 6901, into the instance's config: "/row/temperature/max"
    std::string message;
};

struct RowResult {
    Dialect dialect;                   ///< usable only if there are no problems
    std::vector<RowProblem> problems;  ///< all of them
};

/// `config` is the instance's: {"prefix": "groq", "row": {...}}; other members are the host's
/// business. [control]
RowResult read_row(std::string_view config);

}  // namespace patchbay::openai
