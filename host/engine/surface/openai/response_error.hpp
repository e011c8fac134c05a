// How a streamed response of the Responses API tells that it failed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "contract/error.hpp"

namespace patchbay::surface {

/// The code of a failed response: one of those that OpenAI's clients know.
std::string_view response_error_code(const Error& error);

/// The event "error" as JSON text: the last of a stream, behind `number` others.
std::string response_error_event(const Error& error, std::uint64_t number);

}  // namespace patchbay::surface
