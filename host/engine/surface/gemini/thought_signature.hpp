// The opaque state of a model that thinks, in the slot that Gemini's parts have for it.
//
// Thinking blocks of Anthropic's must come back unchanged with the turn that they belong to. Gemini's
// clients keep `thoughtSignature` of a part and many of them leave thoughts out when they send a
// conversation back, so the whole blocks travel in the signature of the part that follows them: an
// envelope (hub/envelope.hpp) in base64, as clients decode signatures.
#pragma once

#include <string>
#include <string_view>

#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// The signature that carries `blocks`, thinking blocks as LiteLLM has them in `thinking_blocks`.
/// The same blocks always give the same text.
std::string signature_of_blocks(const json::array& blocks);

/// What a signature holds.
struct ThoughtSignature {
    json::array blocks;    ///< thinking blocks; empty if it carries none
    bool foreign = false;  ///< made by a model of another provider's: nothing to be read here
};

/// Reads `signature`, of either base64 alphabet. Any bytes are safe.
ThoughtSignature read_signature(std::string_view signature);

/// A block of a chat answer as it is kept and replayed: only what Anthropic's API has of it. null if
/// nobody could check it, as it is neither signed nor redacted.
json::value replayed_block(const json::object& block);

}  // namespace patchbay::surface
