#include "engine/models/modes.hpp"

#include <algorithm>
#include <array>

namespace patchbay {

namespace {

// A new route sets its `routed`; with it the warnings of configurations that wait for it go away.
constexpr auto kModes = std::to_array<ModelMode>({
    {"chat", "chat", true},
    {"realtime", "realtime", true},
    {"completion", "text completions", true},
    {"responses", "responses", true},
    {"embedding", "embeddings", true},
    {"image_generation", "images", true},
    {"image_edit", "edits of images"},
    {"audio_transcription", "transcriptions"},
    {"audio_speech", "speech", true},
    {"video_generation", "videos"},
    {"moderation", "moderations", true},
    {"rerank", "reranking", true},
    {"ocr", "OCR"},
    {"search", "search"},
    {"vector_store", "vector stores"},
    {"batch", "batches"},
    {"evaluation", "evaluations"},
    {"extraction", "extraction"},
    {"decisions", "decisions"},
    {"guardrail", "guardrail models"},
});

}  // namespace

const ModelMode* find_mode(std::string_view name) {
    for (const ModelMode& mode : kModes) {
        if (mode.name == name) return &mode;
    }
    return nullptr;
}

std::string routed_modes() {
    std::string text = "only ";
    std::size_t left = static_cast<std::size_t>(
        std::count_if(kModes.begin(), kModes.end(), [](const ModelMode& m) { return m.routed; }));
    for (const ModelMode& mode : kModes) {
        if (!mode.routed) continue;
        --left;
        text.append(mode.what).append(left > 1 ? ", " : left == 1 ? " and " : "");
    }
    return text;
}

}  // namespace patchbay
