// What models are for, and which uses the gateway has a route for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patchbay {

/// One of LiteLLM's values of `model_info.mode`.
struct ModelMode {
    std::string_view name;  ///< "audio_transcription"
    std::string_view what;  ///< "transcriptions", for messages
    bool routed = false;    ///< some route calls such models
};

/// The mode of this name; null = it is not one of them, so nothing follows from it.
const ModelMode* find_mode(std::string_view name);

/// "only chat and realtime": the uses that there are routes for.
std::string routed_modes();

}  // namespace patchbay
