#include "operations.hpp"

#include <array>

namespace patchbay::client {

namespace {

constexpr std::array kOperations{
    CallOperation{.id = "chat.completions", .whole = &kChatSurface},
    CallOperation{.id = "completions", .whole = &kCompletionsSurface},
    CallOperation{.id = "embeddings", .whole = &kEmbeddingsSurface},
    CallOperation{.id = "moderations", .whole = &kModerationsSurface},
    CallOperation{.id = "images.generate", .whole = &kImagesSurface},
    CallOperation{.id = "rerank", .whole = &kRerankSurface},
    CallOperation{.id = "audio.speech", .whole = &kSpeechSurface},
    CallOperation{.id = "responses", .whole = &kResponsesSurface},
    CallOperation{.id = "messages", .whole = &kMessagesSurface},
    CallOperation{.id = "messages.count_tokens", .whole = &kCountTokensSurface},
    CallOperation{.id = "generate_content",
                  .whole = &kGenerateSurface,
                  .streamed = &kStreamGenerateSurface,
                  .model_in_path = true},
    CallOperation{.id = "generate_content.count_tokens",
                  .whole = &kCountGenerateSurface,
                  .model_in_path = true},
};

}  // namespace

const CallOperation* find_operation(std::string_view id) {
    for (const CallOperation& operation : kOperations) {
        if (operation.id == id) return &operation;
    }
    return nullptr;
}

}  // namespace patchbay::client
