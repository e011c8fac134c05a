// Errors as Anthropic's clients read them.
#pragma once

#include <string>
#include <string_view>

#include "contract/error.hpp"

namespace patchbay::surface {

/// Anthropic's error object, for an answer and for an "error" event:
/// {"type":"error","error":{"type":...,"message":...},"request_id":...}. The type is that of
/// Anthropic's table of errors for the class, or else for the status. `request_id` is null if it
/// is empty.
std::string messages_error(const Error& error, std::string_view request_id = {});

/// The status that goes with it: where Anthropic has one for the class (402 billing, 504 timeout,
/// 529 overloaded), that; else the error's own.
int messages_error_status(const Error& error);

}  // namespace patchbay::surface
