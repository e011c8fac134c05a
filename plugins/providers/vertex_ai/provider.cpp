// SPDX-License-Identifier: Apache-2.0
// The component "vertex_ai": the models of a project at Google Cloud.
#include <patchbay/sdk.hpp>

#include "chat/count_tokens.hpp"
#include "chat_exchange.hpp"
#include "claude_exchange.hpp"
#include "count_exchange.hpp"
#include "embeddings_exchange.hpp"
#include "generate_exchange.hpp"
#include "messages_exchange.hpp"
#include "oauth/token_exchange.hpp"
#include "openai_exchange.hpp"
#include "pictures_exchange.hpp"
#include "ranking_exchange.hpp"
#include "speech_exchange.hpp"

namespace patchbay::vertex_ai {

namespace {

using google::text;

struct Opening {
    std::string request_id;
    const Shared* shared;
};

using Made = std::unique_ptr<bay::Exchange>;

/// The machine of the model that is asked for.
class OfModel : public bay::Exchange {
  public:
    explicit OfModel(const Opening& opening) : opening_(opening) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override {
        chosen_ = made_for(family_of(bay::sv(request.target->model)), opening_);
        return chosen_->on_request(request, out);
    }
    bay::Exchange& current() noexcept override { return chosen_ ? *chosen_ : *this; }

  private:
    virtual Made made_for(Family family, const Opening& opening) const = 0;

    Opening opening_;
    Made chosen_;
};

/// A chat completion in the words of the model.
class AnyChat : public OfModel {
  public:
    using OfModel::OfModel;

  private:
    Made made_for(Family family, const Opening& opening) const override {
        if (family == Family::claude) {
            return std::make_unique<ClaudeExchange>(opening.shared, opening.request_id);
        }
        if (family == Family::google) {
            return std::make_unique<ChatExchange>(opening.shared, opening.request_id);
        }
        return std::make_unique<OpenAiExchange>(opening.shared);
    }
};

/// The count of its tokens, by the counter of the model's own API.
class AnyCount : public OfModel {
  public:
    using OfModel::OfModel;

  private:
    Made made_for(Family family, const Opening& opening) const override {
        if (family == Family::claude) {
            return std::make_unique<ClaudeCountExchange>(opening.shared, opening.request_id);
        }
        return std::make_unique<CountExchange>(opening.shared);
    }
};

class Token : public shared::TokenExchange {
  public:
    explicit Token(const Opening& opening)
        : TokenExchange("Google's token server"), shared_(*opening.shared) {}

    bay_status on_refresh(const bay_ev_refresh& refresh, bay::Out out) override {
        if (!refresh.target) return out.fail(BAY_ERR_AUTH, "nobody says whose token is wanted");
        const auto credentials = Deployment::credentials_of(*refresh.target, shared_);
        if (!credentials) return google::report(credentials.error(), out);
        const std::int64_t now = bay::Host::unix_ms() / 1000;
        return fetch(credentials->token_call(*shared_.crypto, shared_.servers, now), out);
    }

  private:
    const Shared& shared_;
};

/// A machine that needs what all share and nothing else.
template <class Machine>
std::unique_ptr<bay::Exchange> make(const Opening& opening, std::string_view) {
    return std::make_unique<Machine>(opening.shared);
}

constexpr bay::Operation<Opening> kOperations[] = {
    {BAY_OP_CHAT_COMPLETIONS, bay::make_machine<AnyChat>},
    {shared::kCountChat, bay::make_machine<AnyCount>},
    {BAY_OP_MESSAGES,
     [](const Opening& opening, std::string_view) -> std::unique_ptr<bay::Exchange> {
         return std::make_unique<MessagesExchange>(opening.shared, MessagesExchange::What::message);
     }},
    {BAY_OP_MESSAGES_COUNT_TOKENS,
     [](const Opening& opening, std::string_view) -> std::unique_ptr<bay::Exchange> {
         return std::make_unique<MessagesExchange>(opening.shared, MessagesExchange::What::count);
     }},
    {BAY_OP_GENERATE_CONTENT,
     [](const Opening& opening, std::string_view) -> std::unique_ptr<bay::Exchange> {
         return std::make_unique<GenerateExchange>(opening.shared,
                                                   google::GeneratePass::What::generate);
     }},
    {BAY_OP_GENERATE_CONTENT_COUNT_TOKENS,
     [](const Opening& opening, std::string_view) -> std::unique_ptr<bay::Exchange> {
         return std::make_unique<GenerateExchange>(opening.shared,
                                                   google::GeneratePass::What::count);
     }},
    {BAY_OP_EMBEDDINGS, make<EmbeddingsExchange>},
    {BAY_OP_IMAGES_GENERATE, make<PicturesExchange>},
    {BAY_OP_AUDIO_SPEECH, make<SpeechExchange>},
    {BAY_OP_RERANK,
     [](const Opening& opening, std::string_view) -> std::unique_ptr<bay::Exchange> {
         return std::make_unique<RankingExchange>(opening.shared, opening.request_id);
     }},
    {"", bay::make_machine<Token>},  // shared values
};

struct VertexAi : bay::Provider {
    static constexpr char id[] = "vertex_ai";

    VertexAi(std::string_view config, bay::Diag& diag) : crypto_(bay::Crypto::find(diag)) {
        if (crypto_) shared_.crypto = &*crypto_;
        const auto parsed = google::parse_json(config.empty() ? "{}" : config);
        if (!parsed || !parsed->is_object()) {
            diag.error("", "must be a JSON object");
            return;
        }
        const auto& given = parsed->get_object();
        shared_.project = text(given, "project");
        shared_.location = text(given, "location");
        shared_.credentials = text(given, "credentials", text(given, "credentials_file"));
        shared_.servers.token = text(given, "token_url");
        shared_.servers.metadata = text(given, "metadata_url", shared_.servers.metadata);
    }

    std::unique_ptr<bay::Exchange> open(const bay_open_info& info) override {
        return std::make_unique<bay::ByOperation<Opening>>(
            kOperations, Opening{std::string(bay::sv(info.request_id)), &shared_}, id);
    }

  private:
    std::optional<bay::Crypto> crypto_;
    Shared shared_;
};

}  // namespace

}  // namespace patchbay::vertex_ai

BAY_PLUGIN(bay::Providers<patchbay::vertex_ai::VertexAi>)
