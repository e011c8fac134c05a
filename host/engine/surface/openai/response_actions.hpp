// What OpenAI's Responses API does with an input without making a response of it: the conversation made shorter, and its
// tokens counted. It is made shorter where the provider has that; there is no other way.
#pragma once

#include "engine/surface/surface.hpp"

namespace patchbay {

extern const Operation kCompactResponse;
extern const Operation kCountResponse;

extern const Surface kCompactResponseSurface;
extern const Surface kCountResponseSurface;

}  // namespace patchbay
