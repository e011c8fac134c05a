// Answers of Bedrock's Converse, whole and as events of its stream.
#pragma once

#include <string_view>

#include "contract/shape/shape.hpp"

namespace patchbay {

/// The facts of one answer, or of one event by its name. Usage is `usage`, of the event "metadata" in
/// a stream, which "messageStop" ends; text is `output` or the `delta` of a block. An event whose name
/// is an exception's ("throttlingException") is an error, as is a document that has only a message.
struct ConverseFacts : AnswerFacts {
    /// Says something to the client: words, a call, the end.
    bool meaningful = false;
    bool operator==(const ConverseFacts&) const = default;
};

/// kConverseShape's scan. Any bytes are safe. Needs no padding, allocates nothing; any thread.
ConverseFacts scan_converse(std::string_view event, std::string_view json);

/// Takes over Bedrock's usage: the prompt is told with what was read from the cache and written to it.
/// Leaves `usage` as it is and returns false if it tells no count. Any bytes are safe; allocates
/// nothing; any thread.
bool read_converse_usage(std::string_view usage_json, Usage& usage);

}  // namespace patchbay
