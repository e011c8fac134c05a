// Messages of Anthropic's Messages API, whole and as events of a stream.
#pragma once

#include <string_view>

#include "contract/shape/shape.hpp"

namespace patchbay {

/// The facts of one whole message or one event. The model's name is that of a message or a
/// message_start; usage that of a message, a message_start or a message_delta; text is the list of
/// a message's content, or the object of a delta or of a block that starts with words. A stream has
/// one part, which message_start begins and message_stop ends.
struct MessageFacts : AnswerFacts {
    /// Says something to the client: words, a call, the end of the turn.
    bool meaningful = false;
    bool operator==(const MessageFacts&) const = default;
};

/// kMessageShape's scan. `event` stands in where the text has no type. Any bytes are safe. Needs no
/// padding, allocates nothing; any thread.
MessageFacts scan_message(std::string_view event, std::string_view json);

/// Takes over what `usage_json`, Anthropic's usage, tells. In a stream message_start tells the
/// input and message_delta all of it again, cumulated: a count that is told replaces the one
/// before. A 0 takes none away, but that input went to the cache: some servers tell each count in
/// one of the two events only. Leaves `usage` as it is and returns false if nothing is told. Any
/// bytes are safe; allocates nothing; any thread.
bool read_message_usage(std::string_view usage_json, Usage& usage);

}  // namespace patchbay
