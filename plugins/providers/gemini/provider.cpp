// SPDX-License-Identifier: Apache-2.0
// The component "gemini": Google AI Studio's models.
#include <patchbay/sdk.hpp>

#include "chat/count_tokens.hpp"
#include "chat_exchange.hpp"
#include "count_exchange.hpp"
#include "embeddings_exchange.hpp"
#include "generate_exchange.hpp"
#include "pictures_exchange.hpp"
#include "speech_exchange.hpp"

namespace patchbay::gemini {

namespace {

using Made = std::unique_ptr<bay::Exchange>;

constexpr bay::Operation<Opening> kOperations[] = {
    {BAY_OP_CHAT_COMPLETIONS, bay::make_machine<ChatExchange>},
    {shared::kCountChat, bay::make_machine<CountExchange>},
    {BAY_OP_GENERATE_CONTENT,
     [](const Opening&, std::string_view) -> Made {
         return std::make_unique<GenerateExchange>(google::GeneratePass::What::generate);
     }},
    {BAY_OP_GENERATE_CONTENT_COUNT_TOKENS,
     [](const Opening&, std::string_view) -> Made {
         return std::make_unique<GenerateExchange>(google::GeneratePass::What::count);
     }},
    {BAY_OP_EMBEDDINGS, bay::make_machine<EmbeddingsExchange>},
    {BAY_OP_IMAGES_GENERATE, bay::make_machine<PicturesExchange>},
    {BAY_OP_AUDIO_SPEECH, bay::make_machine<SpeechExchange>},
};

struct Gemini : bay::Provider {
    static constexpr char id[] = "gemini";

    Gemini(std::string_view, bay::Diag&) {}

    std::unique_ptr<bay::Exchange> open(const bay_open_info& info) override {
        return std::make_unique<bay::ByOperation<Opening>>(
            kOperations, Opening{std::string(bay::sv(info.request_id))}, id);
    }
};

}  // namespace

}  // namespace patchbay::gemini

BAY_PLUGIN(bay::Providers<patchbay::gemini::Gemini>)
