// The voices of Google's models that speak.
#pragma once

#include "json.hpp"

namespace patchbay::google {

/// generateContent's speechConfig for a client's voice: the name of one of Google's, or of one of OpenAI's,
/// for which one of Google's stands, LiteLLM's choice; or an object that has such a `name`, or is a
/// speechConfig, alone or as a member of that name. Empty if `voice` is nullptr or says nothing.
json::object speech_config(const json::value* voice);

}  // namespace patchbay::google
