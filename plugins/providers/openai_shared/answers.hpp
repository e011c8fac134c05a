// Answers that are not quite OpenAI's: rewritten document by document.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "answer_shape.hpp"
#include "call_ends.hpp"
#include "call_indexes.hpp"
#include "content_filters.hpp"
#include "dialect.hpp"
#include "patchbay/provider.h"
#include "patchbay/sdk/stream_end.hpp"
#include "schema_tool.hpp"
#include "think_tags.hpp"

namespace patchbay::openai {

/// What one answer, or one event of a stream, turned out to be.
struct Answer {
    bool readable = false;  ///< a JSON object
    /// Has an "error" that says something, or is an object of the type "error".
    bool error = false;
    bool choices = false;        ///< has "choices", a list
    bool choices_empty = false;  ///< ... with nothing in it
    bool whole = false;          ///< a whole answer: choices with a message and no delta
    bay::Choices seen = 0;       ///< as in bay::StreamEnd
    bay::Choices finished = 0;   ///< those with a finish_reason
    /// The end of the first choice that the provider gave up, where answers are shaped.
    const GivenUp* given_up = nullptr;
    bool withheld = false;            ///< an event that is not for the client, or not yet
    std::optional<std::string> json;  ///< the rewritten text; nothing = as it came
    std::optional<bay_usage> usage;
    /// Of a whole answer: it is one. An error beside choices is the provider's remark.
    bool is_answer() const { return readable && choices && (!error || !choices_empty); }
};

/// What goes from one event of a stream to the next.
struct StreamState {
    ThinkTags tags;
    SchemaCalls schema_calls;
    CallIndexes call_indexes;
    CallEnds call_ends;
};

/// Parses and rewrites; never throws. Documents that no rule applies to keep their bytes. `stream` is
/// that of the stream that the document is an event of.
Answer read_answer(const AnswerRules& rules, std::string_view json, StreamState* stream = nullptr);

/// A whole answer, rewritten, as the chunks of a stream; nothing if it is no answer.
std::vector<std::string> answer_chunks(const AnswerRules& rules, std::string_view json);

}  // namespace patchbay::openai
