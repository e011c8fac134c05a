#include "pass_operation.hpp"

#include <algorithm>

#include "chat/count_tokens.hpp"
#include "patchbay/operations.h"

namespace patchbay::openai {

namespace {

constexpr PassOperation kPassOperations[] = {
    {.id = BAY_OP_CHAT_COMPLETIONS,
     .path = "/chat/completions",
     .answer = "a chat completion",
     .stream_options = true},
    {.id = BAY_OP_COMPLETIONS,
     .path = "/completions",
     .answer = "a completion",
     .stream_options = true},
    {.id = BAY_OP_RESPONSES, .path = "/responses", .answer = "a response"},
    {.id = BAY_OP_RESPONSES_GET,
     .path = "/responses/{response_id}",
     .answer = "a response",
     .request = RequestForm::none,
     .method = "GET"},
    {.id = BAY_OP_RESPONSES_DELETE,
     .path = "/responses/{response_id}",
     .answer = "a deletion",
     .request = RequestForm::none,
     .method = "DELETE"},
    {.id = BAY_OP_RESPONSES_CANCEL,
     .path = "/responses/{response_id}/cancel",
     .answer = "a response",
     .request = RequestForm::none},
    {.id = BAY_OP_RESPONSES_INPUT_ITEMS,
     .path = "/responses/{response_id}/input_items",
     .answer = "a list of items",
     .request = RequestForm::none,
     .method = "GET"},
    {.id = kCompactResponse, .path = "/responses/compact", .answer = "a compaction"},
    {.id = kCountResponse, .path = "/responses/input_tokens", .answer = "a count of tokens"},
    {.id = shared::kCountChat, .path = "/responses/input_tokens", .answer = "a count of tokens"},
    {.id = BAY_OP_MESSAGES, .path = "/messages", .answer = "a message"},
    {.id = BAY_OP_EMBEDDINGS, .path = "/embeddings", .answer = "a list of embeddings"},
    {.id = BAY_OP_MODERATIONS, .path = "/moderations", .answer = "a moderation"},
    {.id = BAY_OP_RERANK, .path = "/rerank", .answer = "a ranking"},
    {.id = BAY_OP_IMAGES_GENERATE, .path = "/images/generations", .answer = "a list of images"},
    {.id = BAY_OP_IMAGES_EDIT,
     .path = "/images/edits",
     .answer = "a list of images",
     .request = RequestForm::form},
    {.id = BAY_OP_IMAGES_VARIATIONS,
     .path = "/images/variations",
     .answer = "a list of images",
     .request = RequestForm::form},
    {.id = BAY_OP_AUDIO_SPEECH,
     .path = "/audio/speech",
     .answer = "a speech",
     .form = AnswerForm::bytes,
     .spoken = "input"},
    {.id = BAY_OP_AUDIO_TRANSCRIPTIONS,
     .path = "/audio/transcriptions",
     .answer = "a transcription",
     .request = RequestForm::form,
     .form = AnswerForm::by_format},
    {.id = BAY_OP_AUDIO_TRANSLATIONS,
     .path = "/audio/translations",
     .answer = "a translation",
     .request = RequestForm::form,
     .form = AnswerForm::by_format},
};

}  // namespace

const PassOperation* find_pass_operation(std::string_view id) {
    const auto found = std::find_if(std::begin(kPassOperations), std::end(kPassOperations),
                                    [&](const PassOperation& row) { return row.id == id; });
    return found != std::end(kPassOperations) ? &*found : nullptr;
}

}  // namespace patchbay::openai
