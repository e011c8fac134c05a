// The generationConfig of a Gemini request, as members of an OpenAI chat request.
#pragma once

#include <string_view>

#include "contract/error.hpp"
#include "engine/surface/hub/reading.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// What of it is not the provider's to know.
struct GenerationFacts {
    bool thoughts = false;    ///< includeThoughts: the client wants to see what the model thought
    std::string_view detail;  ///< of images, from mediaResolution; empty: none
};

/// Writes `config` into `chat`. What OpenAI's chat API cannot say is refused by `reading` if it
/// would change the answer, else noted, unknown members too. Fails on a wrong shape.
Result<GenerationFacts> write_generation_config(const json::value& config, Reading& reading,
                                                json::object& chat);

}  // namespace patchbay::surface
