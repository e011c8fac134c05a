#include "engine/surface/operation.hpp"

#include <algorithm>
#include <array>

#include "engine/surface/hub/count_tokens.hpp"
#include "engine/surface/openai/response_actions.hpp"

namespace patchbay {

namespace {

using Modes = std::string_view;
constexpr Modes kChatModes[] = {"chat"};
// What is meant for chat may well speak in sessions too.
constexpr Modes kRealtimeModes[] = {"realtime", "chat"};
// Servers of open models embed with what they chat with.
constexpr Modes kEmbeddingModes[] = {"embedding", "chat", "completion"};
constexpr Modes kSpeechModes[] = {"audio_speech", "chat"};
constexpr Modes kCompletionModes[] = {"completion"};
constexpr Modes kModerationModes[] = {"moderation", "chat"};
constexpr Modes kImageModes[] = {"image_generation", "chat"};
constexpr Modes kRerankModes[] = {"rerank"};
constexpr Modes kResponsesModes[] = {"responses", "chat"};

/// The facts, with what the interface says of answers. An id that is not in its table does not
/// compile.
consteval Operation row(Operation facts) {
    const auto* const form =
        std::find_if(std::begin(kAnswerForms), std::end(kAnswerForms),
                     [&facts](const AnswerForm& one) { return one.operation == facts.id; });
    if (form == std::end(kAnswerForms)) throw "no such row in contract/shape/answer_form.hpp";
    facts.answer = form->as;
    facts.shape = form->shape;
    return facts;
}

}  // namespace

const Operation kChatCompletions = row({.id = "chat.completions",
                                        .call_type = "acompletion",
                                        .use = "chat",
                                        .modes = kChatModes,
                                        .bit = 1u << 0});
const Operation kRealtime = row({.id = "realtime",
                                 .call_type = "_arealtime",
                                 .use = "realtime",
                                 .words = Words::unreadable,
                                 .modes = kRealtimeModes,
                                 .bit = 1u << 1});
const Operation kEmbeddings = row({.id = "embeddings",
                                   .call_type = "aembedding",
                                   .use = "embeddings",
                                   .words = Words::requested,
                                   .modes = kEmbeddingModes,
                                   .bit = 1u << 2});
const Operation kSpeech = row({.id = "audio.speech",
                               .call_type = "aspeech",
                               .use = "speech",
                               .words = Words::requested,
                               .modes = kSpeechModes,
                               .bit = 1u << 3});

const Operation kMessages = row({.id = "messages",
                                 .call_type = "anthropic_messages",
                                 .use = "messages",
                                 .words = Words::unreadable,
                                 .own_metadata = true,
                                 .modes = kChatModes,
                                 .bit = 1u << 4});

const Operation kCountTokens = row({.id = "messages.count_tokens",
                                    .call_type = "acount_tokens",
                                    .use = "token counting",
                                    .words = Words::requested,
                                    .own_metadata = true,
                                    .modes = kChatModes,
                                    .bit = 1u << 5});
const Operation kGenerateContent = row({.id = "generate_content",
                                        .call_type = "agenerate_content",
                                        .stream_call_type = "agenerate_content_stream",
                                        .use = "generateContent",
                                        .words = Words::unreadable,
                                        .modes = kChatModes,
                                        .bit = 1u << 12});
const Operation kGenerateCount = row({.id = "generate_content.count_tokens",
                                      .call_type = "acount_tokens",
                                      .use = "token counting",
                                      .words = Words::unreadable,
                                      .modes = kChatModes,
                                      .bit = 1u << 13});
const Operation kConverse = row({.id = "converse",
                                 .call_type = "allm_passthrough_route",
                                 .use = "converse",
                                 .words = Words::unreadable,
                                 .modes = kChatModes,
                                 .bit = 1u << 14});
const Operation kInvoke{.id = BAY_OP_INVOKE,
                        .call_type = "allm_passthrough_route",
                        .use = "invoke",
                        .shape = &kObjectShape,
                        .words = Words::unreadable,
                        .modes = kChatModes,
                        .bit = 1u << 15};
const Operation kCompletions = row({.id = "completions",
                                    .call_type = "atext_completion",
                                    .use = "text completions",
                                    .modes = kCompletionModes,
                                    .bit = 1u << 6});
const Operation kModerations = row({.id = "moderations",
                                    .call_type = "amoderation",
                                    .use = "moderations",
                                    .words = Words::requested,
                                    .modes = kModerationModes,
                                    .bit = 1u << 7});
const Operation kImages = row({.id = "images.generate",
                               .call_type = "aimage_generation",
                               .use = "images",
                               .words = Words::requested,
                               .modes = kImageModes,
                               .bit = 1u << 8});
const Operation kRerank = row({.id = "rerank",
                               .call_type = "arerank",
                               .use = "reranking",
                               .words = Words::requested,
                               .modes = kRerankModes,
                               .bit = 1u << 9});
const Operation kResponses = row({.id = "responses",
                                  .call_type = "aresponses",
                                  .use = "responses",
                                  .words = Words::unreadable,
                                  .own_metadata = true,
                                  .earlier = "previous_response_id",
                                  .modes = kResponsesModes,
                                  .bit = 1u << 10});

const Operation kGetResponse = row({.id = "responses.get",
                                    .call_type = "aget_responses",
                                    .use = "kept responses",
                                    .words = Words::unreadable,
                                    .resource = "response_id",
                                    .modes = kResponsesModes,
                                    .bit = 1u << 20});
const Operation kDeleteResponse = row({.id = "responses.delete",
                                       .call_type = "adelete_responses",
                                       .use = "kept responses",
                                       .words = Words::none,
                                       .resource = "response_id",
                                       .modes = kResponsesModes,
                                       .bit = 1u << 21});
const Operation kCancelResponse = row({.id = "responses.cancel",
                                       .call_type = "acancel_responses",
                                       .use = "kept responses",
                                       .words = Words::unreadable,
                                       .resource = "response_id",
                                       .modes = kResponsesModes,
                                       .bit = 1u << 22});
const Operation kResponseInput = row({.id = "responses.input_items",
                                      .call_type = "alist_input_items",
                                      .use = "kept responses",
                                      .words = Words::unreadable,
                                      .resource = "response_id",
                                      .modes = kResponsesModes,
                                      .bit = 1u << 23});

const Operation kCompactResponse{.id = "responses.compact",
                                 .call_type = "acompact_responses",
                                 .use = "compaction",
                                 .shape = &kResponseShape,
                                 .words = Words::unreadable,
                                 .own_metadata = true,
                                 .earlier = "previous_response_id",
                                 .modes = kResponsesModes,
                                 .bit = 1u << 24};
const Operation kCountResponse{.id = "responses.input_tokens",
                               .call_type = "acount_tokens",
                               .use = "token counting",
                               .shape = &kCountShape,
                               .words = Words::unreadable,
                               .own_metadata = true,
                               .earlier = "previous_response_id",
                               .modes = kResponsesModes,
                               .bit = 1u << 25};
const Operation kCountChat{.id = "chat.count_tokens",
                           .call_type = "acount_tokens",
                           .use = "token counting",
                           .shape = &kCountShape,
                           .words = Words::requested,
                           .modes = kResponsesModes,
                           .bit = 1u << 26};

std::span<const Operation* const> operations() {
    static constexpr std::array all{
        &kChatCompletions, &kRealtime,      &kEmbeddings,     &kSpeech,         &kMessages,
        &kCountTokens,     &kCompletions,   &kModerations,    &kImages,         &kRerank,
        &kResponses,       &kGetResponse,   &kDeleteResponse, &kCancelResponse, &kResponseInput,
        &kGenerateContent, &kGenerateCount, &kConverse,       &kInvoke,         &kCompactResponse,
        &kCountResponse,   &kCountChat};
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
