#include "engine/surface/operation.hpp"

#include <algorithm>
#include <array>

namespace patchbay {

namespace {

using Modes = std::string_view;
constexpr Modes kChatModes[] = {"chat"};
// What is meant for chat may well speak in sessions too.
constexpr Modes kRealtimeModes[] = {"realtime", "chat"};
// Servers of open models embed with what they chat with.
constexpr Modes kEmbeddingModes[] = {"embedding", "chat", "completion"};
constexpr Modes kSpeechModes[] = {"audio_speech", "chat"};

}  // namespace

const Operation kChatCompletions{.id = "chat.completions",
                                 .call_type = "acompletion",
                                 .use = "chat",
                                 .shape = &kChatShape,
                                 .modes = kChatModes,
                                 .bit = 1u << 0};
const Operation kRealtime{.id = "realtime",
                          .call_type = "_arealtime",
                          .use = "realtime",
                          .answer = AnswerAs::socket,
                          .shape = &kChatShape,
                          .words = Words::unreadable,
                          .modes = kRealtimeModes,
                          .bit = 1u << 1};
const Operation kEmbeddings{.id = "embeddings",
                            .call_type = "aembedding",
                            .use = "embeddings",
                            .shape = &kListShape,
                            .words = Words::requested,
                            .modes = kEmbeddingModes,
                            .bit = 1u << 2};
const Operation kSpeech{.id = "audio.speech",
                        .call_type = "aspeech",
                        .use = "speech",
                        .answer = AnswerAs::bytes,
                        .shape = &kChatShape,
                        .words = Words::requested,
                        .modes = kSpeechModes,
                        .bit = 1u << 3};

const Operation kMessages{.id = "messages",
                          .call_type = "anthropic_messages",
                          .use = "messages",
                          .shape = &kMessageShape,
                          .words = Words::unreadable,
                          .own_metadata = true,
                          .modes = kChatModes,
                          .bit = 1u << 4};

std::span<const Operation* const> operations() {
    static constexpr std::array all{&kChatCompletions, &kRealtime, &kEmbeddings, &kSpeech,
                                    &kMessages};
    return all;
}

std::uint32_t operation_bits(std::span<const std::string> ids) {
    std::uint32_t bits = 0;
    for (const Operation* operation : operations()) {
        if (std::find(ids.begin(), ids.end(), operation->id) != ids.end()) bits |= operation->bit;
    }
    return bits;
}

}  // namespace patchbay
