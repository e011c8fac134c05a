// What a program is told of a call besides its answer, as JSON texts.
#pragma once

#include <string>
#include <string_view>

#include "engine/call/call.hpp"

namespace patchbay::client {

/// The member of a mocked deployment's model_info that names the provider in whose place it answers.
inline constexpr std::string_view kMockedProvider = "mocked_provider";

/// bay_call_event::about as far as it is known now.
std::string about_call(const Call& call);

/// The data of BAY_CALL_FAILED.
std::string failure_json(const Call& call, const Error& error);

/// The same for a call that did not come to a Call.
std::string failure_json(const Error& error);

}  // namespace patchbay::client
