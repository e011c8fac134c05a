// Single values of an answer that whole answers and streams say in the same way.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// "msg_" and what is behind "chatcmpl-" in the id of a chat answer: always the same for the same
/// id, and of letters, digits, "_" and "-" only.
std::string message_id(std::string_view chat_id);

/// The id of a tool_use block: the call's own where Anthropic's clients could send it back, else
/// one made of it; one made of `chat_id`, the answer's, and `index` if the call has none.
std::string tool_use_id(std::string_view call_id, std::string_view chat_id, std::size_t index);

/// Anthropic's usage for `usage`, that of a chat answer: input_tokens without what went through the
/// prompt cache, the two cache counts, output_tokens; what else was told (parts of the cache
/// writes, thinking, searches, tier). Zeros if `usage` is nullptr or tells nothing.
json::object messages_usage(const json::object* usage);

/// How an answer ended, as it is gathered from a choice or from the chunks of one.
struct Ending {
    std::string finish_reason;  ///< of the choice; empty: not told
    /// The provider's own word, from provider_specific_fields; Anthropic's are used.
    std::string native_reason;
    std::string stop_sequence;  ///< that matched; empty: none
    json::value details;        ///< Anthropic's stop_details; null: none
    bool called = false;        ///< there is a call in the answer
    bool refused = false;       ///< there is a refusal in the answer

    /// Takes what `choice` and its `message` or `delta` say.
    void read(const json::object& choice, const json::object* message);
    /// Writes stop_reason and stop_sequence, and stop_details if there are some.
    void write(json::object& to) const;
    /// Anthropic's word for it.
    std::string_view stop_reason() const;
};

}  // namespace patchbay::surface
