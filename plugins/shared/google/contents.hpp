// The client's `messages` to Google's `systemInstruction` and `contents`.
#pragma once

#include "failure.hpp"
#include "function_names.hpp"
#include "json.hpp"
#include "parts.hpp"

namespace patchbay::google {

struct Contents {
    json::array system;  ///< parts of systemInstruction; empty: there is none
    json::array turns;   ///< contents, each with a role and parts
};

/// - System and developer messages, wherever they stand, are the instruction, as LiteLLM has it; for a
///   model that takes none they begin the first user turn.
/// - Messages of one role that follow each other become one turn. The results of a turn's calls stand
///   together, in the order of the calls; what the user says behind them is a turn of its own.
/// - A call whose arguments are no object has their text in {"arguments": ...}. A result without its
///   call is text. Neither ends a conversation.
/// - Calls carry their signatures (call_state.hpp). Thoughts of others, and those without a
///   signature, are left out.
/// - Without a user turn there is one that says "."; one of files alone gets a blank.
Result<Contents> translate_messages(const json::value* messages, PartContext& context,
                                    FunctionNames& names);

}  // namespace patchbay::google
