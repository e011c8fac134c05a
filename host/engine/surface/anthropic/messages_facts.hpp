// What the gateway must know of a message of Anthropic's, or of one event of its stream, to pass it
// on as it is.
#pragma once

#include <string_view>

#include "engine/surface/answer_scan.hpp"
#include "engine/surface/usage.hpp"

namespace patchbay::surface {

/// The facts of one whole message or one event. Where a name occurs twice the last one counts.
/// Names that are written with escapes are not recognized.
struct MessageFacts {
    bool object = false;  ///< the text is one object; everything else is empty if not
    TextRange model{};    ///< the model's name, with its quotes: of a message or a message_start
    TextRange usage{};    ///< of a message, a message_start or a message_delta: an object
    /// What the model said: the list of a message's content, or the object of a delta or of a block
    /// that starts with words. For text_size().
    TextRange text{};
    bool error = false;       ///< an error, as event or as document
    bool answer = false;      ///< a whole message, with a list as content
    bool meaningful = false;  ///< says something to the client: words, a call, the end of the turn
    bool last = false;        ///< message_stop
    bool usage_only = false;  ///< never: no event of Anthropic's has usage alone
    bool operator==(const MessageFacts&) const = default;
};

/// One pass that checks the whole text (RFC 8259, UTF-8): what is not exactly one object is not
/// one. `event` is the name of the event, which stands in where the text has no type; empty for a
/// whole document. Any bytes are safe. Needs no padding, allocates nothing; any thread.
MessageFacts scan_message(std::string_view event, std::string_view json);

/// Takes over what `usage_json`, Anthropic's usage, tells. In a stream message_start tells the
/// input and message_delta all of it again, cumulated: a count that is told replaces the one
/// before. A 0 takes none away, but that input went to the cache: some servers tell each count in
/// one of the two events only. Leaves `usage` as it is and returns false if nothing is told. Any
/// bytes are safe; allocates nothing; any thread.
bool read_message_usage(std::string_view usage_json, Usage& usage);

}  // namespace patchbay::surface
