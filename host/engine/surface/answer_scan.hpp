// What the gateway must know of an answer, or of one chunk of a stream, to pass it on as it is.
#pragma once

#include <cstddef>
#include <string_view>

#include "patchbay/sdk/stream_end.hpp"

namespace patchbay {

/// A byte range in the scanned text; len 0: not there.
struct TextRange {
    std::size_t off = 0;
    std::size_t len = 0;
    explicit operator bool() const { return len != 0; }
    bool operator==(const TextRange&) const = default;
};

/// The top level of one answer or chunk in OpenAI's shape. Where a name occurs twice the last one
/// counts. Names that are written with escapes are not recognized.
struct AnswerScan {
    bool object = false;  ///< the text is one object; everything else is empty if not
    TextRange model{};    ///< "model" if it is a string, with its quotes
    TextRange usage{};    ///< "usage" if it is an object: for parse_usage()
    /// There is an "error" that says something (not null, false, 0, "", {}, [] or an object of such
    /// members), or "object" is "error".
    bool error = false;
    TextRange choices{};         ///< "choices" if it is an array: for text_size()
    bool choices_empty = false;  ///< ... and is []
    bay::Choices seen = 0;       ///< the indexes in it; 0 for a choice without one
    bay::Choices finished = 0;   ///< those with a finish_reason other than null, false and ""
    bool operator==(const AnswerScan&) const = default;

    /// Of a whole answer: it is one. An error beside choices is the provider's remark.
    bool is_answer() const { return object && choices && (!error || !choices_empty); }
};

/// One pass that checks the whole text (RFC 8259, UTF-8): what is not exactly one object is not
/// one, so nothing broken is passed on. Any bytes are safe. Needs no padding, allocates nothing;
/// any thread.
AnswerScan scan_chat_answer(std::string_view json);

/// The same without the check of UTF-8.
AnswerScan walk_chat_answer(std::string_view json);

}  // namespace patchbay
