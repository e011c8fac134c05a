// Conversations for models whose template takes no system message, or wants user and assistant to speak
// in turn: the deployment says so, in LiteLLM's words.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patchbay::openai {

/// The new value of "messages" (`json`) for a deployment with these parameters, or nothing if it stays as
/// it is.
///  - `supports_system_message: false`: what the system says begins the message behind it, of the user or
///    of the assistant; else it is the user's.
///  - `ensure_alternating_roles: true`: between two messages of the assistant, before the first and behind
///    the last stands `user_continue_message`, between two of the user `assistant_continue_message`; both are
///    "Please continue." if nobody says. Calls and their results belong to the turn around them.
/// Parses only where one of them is mentioned.
std::optional<std::string> fit_turns(std::string_view params, std::string_view json);

}  // namespace patchbay::openai
