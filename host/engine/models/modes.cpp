#include "engine/models/modes.hpp"

#include <array>

namespace patchbay {

namespace {

// A new route sets its `routed`; with it the warnings of configurations that wait for it go away.
constexpr auto kModes = std::to_array<ModelMode>({
    {"chat", "chat", true, true},
    {"realtime", "realtime", true},
    {"completion", "text completions"},
    {"responses", "responses"},
    {"embedding", "embeddings"},
    {"image_generation", "images"},
    {"image_edit", "edits of images"},
    {"audio_transcription", "transcriptions"},
    {"audio_speech", "speech"},
    {"video_generation", "videos"},
    {"moderation", "moderations"},
    {"rerank", "rerank"},
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
    std::string text;
    for (const ModelMode& mode : kModes) {
        if (mode.routed) text.append(text.empty() ? "only " : " and ").append(mode.what);
    }
    return text;
}

}  // namespace patchbay
