// What follows from what is known of a model for what it may be asked.
#pragma once

#include "engine/models/catalogue.hpp"
#include "engine/models/modes.hpp"

namespace patchbay {

/// The mode of a model; null = nothing follows from it. Models that make pictures or speech and have a
/// limit of tokens in their answers do so in a conversation, too (Gemini's): the price map names chat
/// among their endpoints.
inline const ModelMode* known_mode(const ModelInfo& info) {
    const bool makes = info.mode == "image_generation" || info.mode == "audio_speech";
    return makes && info.max_output_tokens > 0 ? nullptr : find_mode(info.mode);
}

}  // namespace patchbay
