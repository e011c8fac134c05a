// A provider's answer in its other form: a stream for a whole answer, a whole answer for a stream,
// by the order of events that the provider documents.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::agreement {

/// A text in two pieces, cut between characters.
std::vector<std::string> pieces(std::string_view text);

/// The same answer as a body of server-sent events. Nothing if `body` is no whole answer of
/// OpenAI's chat API or of Anthropic's Messages API. Texts come in two pieces, tool calls as
/// providers send them.
std::optional<std::string> as_stream(const std::string& body);

/// The same answer as one JSON document. Nothing if `body` is no complete stream of one of the two.
std::optional<std::string> as_whole(const std::string& body);

}  // namespace patchbay::agreement
