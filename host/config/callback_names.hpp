// What LiteLLM means by a name among its callbacks: a log sink as a rule, but also guards, control
// hooks and modules of the operator's own.
#pragma once

#include <string_view>

#include "config/reader.hpp"

namespace patchbay {

/// A callback, or a guardrail integration of LiteLLM's, that changes or refuses requests.
struct GuardCallback {
    std::string_view name;
    /// The guardrail that does the same here; empty = none, so the name is an error.
    std::string_view guardrail;
    std::string_view lost;  ///< what goes on without it, and how the protection is written here
};

/// nullptr if the name is no guard. Lives as long as the program.
const GuardCallback* guard_callback(std::string_view name);

/// What is lost with a hook of LiteLLM's own work that is no log sink; empty = it is none.
std::string_view control_hook(std::string_view name);

/// "module.instance": Python of the operator's own.
bool is_python(std::string_view name);

/// Does the value of `callbacks` or one of its siblings name a guard? Looked at as it is written.
bool names_guard_callback(const Entry& entry);

}  // namespace patchbay
