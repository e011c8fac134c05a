// Names for what is made without one.
#pragma once

#include <string>

namespace patchbay::control {

/// A random UUID (RFC 9562, version 4), as LiteLLM names teams, users and budgets.
std::string new_uuid();

}  // namespace patchbay::control
