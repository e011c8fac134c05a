// What the answers to the operations of the plugin interface are: a table that the gateway and the
// tools of the SDK share.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "contract/shape/shape.hpp"
#include "patchbay/exchange.h"
#include "patchbay/operations.h"

namespace patchbay {

/// What an answer may come as.
enum class AnswerAs : std::uint8_t {
    json,    ///< a document, or a stream of them
    bytes,   ///< of a content type that the provider names
    either,  ///< json, or bytes if the request asked for another format
    socket,  ///< messages of a WebSocket, both ways
};

/// One operation's. Static.
struct AnswerForm {
    std::string_view operation;  ///< its id
    AnswerAs as = AnswerAs::json;
    const Shape* shape = &kObjectShape;  ///< of documents, and of errors where bytes are expected

    /// body() is allowed, and pass_through() whatever the decode.
    constexpr bool takes_bytes() const { return as == AnswerAs::bytes || as == AnswerAs::either; }
    /// A body decoded so (BAY_DECODE_*) is passed through without a look at it.
    constexpr bool unseen(std::uint32_t decode) const {
        return as == AnswerAs::bytes || (as == AnswerAs::either && decode == BAY_DECODE_RAW);
    }
};

/// The answers of all other operations are documents of any kind.
inline constexpr AnswerForm kAnswerForms[] = {
    {BAY_OP_CHAT_COMPLETIONS, AnswerAs::json, &kChatShape},
    {BAY_OP_COMPLETIONS, AnswerAs::json, &kChatShape},
    {BAY_OP_MESSAGES, AnswerAs::json, &kMessageShape},
    {BAY_OP_RESPONSES, AnswerAs::json, &kResponseShape},
    {BAY_OP_RESPONSES_GET, AnswerAs::json, &kKeptResponseShape},
    {BAY_OP_RESPONSES_DELETE, AnswerAs::json, &kKeptResponseShape},
    {BAY_OP_RESPONSES_CANCEL, AnswerAs::json, &kKeptResponseShape},
    {BAY_OP_RESPONSES_INPUT_ITEMS, AnswerAs::json, &kKeptResponseShape},
    {BAY_OP_GENERATE_CONTENT, AnswerAs::json, &kGenerateShape},
    {BAY_OP_GENERATE_CONTENT_COUNT_TOKENS, AnswerAs::json},
    {BAY_OP_CONVERSE, AnswerAs::json, &kConverseShape},
    {BAY_OP_MESSAGES_COUNT_TOKENS, AnswerAs::json, &kCountShape},
    {BAY_OP_EMBEDDINGS, AnswerAs::json, &kListShape},
    {BAY_OP_MODERATIONS, AnswerAs::json, &kListShape},
    {BAY_OP_RERANK, AnswerAs::json, &kListShape},
    {BAY_OP_IMAGES_GENERATE, AnswerAs::json, &kImageShape},
    {BAY_OP_IMAGES_EDIT, AnswerAs::json, &kImageShape},
    {BAY_OP_IMAGES_VARIATIONS, AnswerAs::json, &kImageShape},
    {BAY_OP_AUDIO_SPEECH, AnswerAs::bytes, &kChatShape},
    {BAY_OP_AUDIO_TRANSCRIPTIONS, AnswerAs::either},
    {BAY_OP_AUDIO_TRANSLATIONS, AnswerAs::either},
    {BAY_OP_REALTIME, AnswerAs::socket, &kChatShape},
    {BAY_OP_VIDEOS_CONTENT, AnswerAs::bytes},
    {BAY_OP_FILES_CONTENT, AnswerAs::bytes},
    {BAY_OP_INVOKE, AnswerAs::either},
    {BAY_OP_VECTOR_STORES, AnswerAs::either},
    {BAY_OP_ASSISTANTS, AnswerAs::either},
    {BAY_OP_CONTAINERS, AnswerAs::either},
    {BAY_OP_PASSTHROUGH, AnswerAs::bytes},
};

/// By the id of the operation, also one that nobody knows.
constexpr AnswerForm answer_form(std::string_view operation) {
    const auto* const found =
        std::find_if(std::begin(kAnswerForms), std::end(kAnswerForms),
                     [operation](const AnswerForm& form) { return form.operation == operation; });
    return found != std::end(kAnswerForms) ? *found : AnswerForm{operation};
}

}  // namespace patchbay
