// Responses of Google's generateContent, whole and as events of a stream.
#pragma once

#include <string_view>

#include "contract/shape/shape.hpp"

namespace patchbay {

/// The facts of one response; an event of a stream is one, too. The model's name is modelVersion,
/// usage usageMetadata, or all of a response that was searched for, text the list of candidates. A candidate is a part of a stream, which its
/// finishReason ends; a prompt that was blocked is an answer, and the end of one. An "error" is one.
struct GenerateFacts : AnswerFacts {
    /// Says something to the client: words, a call, the end of a candidate.
    bool meaningful = false;
    bool operator==(const GenerateFacts&) const = default;
};

/// kGenerateShape's scan. Any bytes are safe. Needs no padding, allocates nothing; any thread.
GenerateFacts scan_generate(std::string_view json);

/// Takes over Google's usageMetadata, or that of a response, of which searches count as well: the
/// prompt is told with what its own tools read, the completion with the thoughts. In a stream the last
/// one holds, and the most searches. Google bills each search of a Gemini from version 3 on, of those
/// before an answer that was searched for. Leaves `usage` as it is and returns false if it tells no
/// count. Any bytes are safe; allocates nothing; any thread.
bool read_generate_usage(std::string_view json, Usage& usage);

}  // namespace patchbay
