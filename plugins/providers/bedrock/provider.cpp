// SPDX-License-Identifier: Apache-2.0
// The component "bedrock": the models of Amazon Bedrock.
#include <optional>
#include <patchbay/sdk.hpp>

#include "aws/session_exchange.hpp"
#include "chat/count_tokens.hpp"
#include "chat_exchange.hpp"
#include "claude_exchange.hpp"
#include "converse_exchange.hpp"
#include "count_exchange.hpp"
#include "embeddings_exchange.hpp"
#include "images_exchange.hpp"
#include "invoke_exchange.hpp"
#include "messages_exchange.hpp"
#include "openai_exchange.hpp"
#include "prompt_exchange.hpp"
#include "rerank_exchange.hpp"

namespace patchbay::bedrock {

namespace {

using Made = std::unique_ptr<bay::Exchange>;

struct Opening {
    std::string request_id;
    const Shared* shared;
};

/// A chat completion in the way that the model is asked.
class AnyChat : public bay::Exchange {
  public:
    explicit AnyChat(const Opening& opening) : opening_(opening) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override {
        chosen_ = made_for(request);
        return chosen_->on_request(request, out);
    }
    bay::Exchange& current() noexcept override { return chosen_ ? *chosen_ : *this; }

  private:
    // What is wrong with the model's name is told by Converse's machine.
    Made made_for(const bay_ev_request& request) const {
        const auto model =
            model_of(bay::sv(request.target->model), aws::params_of(*request.target));
        const bool invoked = model && model->api == Api::invoke;
        switch (invoked ? model->form->body : Body::nova) {
            case Body::messages:
                return std::make_unique<ClaudeExchange>(opening_.shared, opening_.request_id);
            case Body::prompt:
                return std::make_unique<PromptExchange>(opening_.shared, opening_.request_id);
            case Body::chat:
            case Body::openai:
                return std::make_unique<OpenAiExchange>(opening_.shared);
            case Body::nova:
                break;
        }
        return std::make_unique<ChatExchange>(opening_.shared, opening_.request_id);
    }

    Opening opening_;
    Made chosen_;
};

class Session : public aws::SessionExchange {
  public:
    explicit Session(const Opening& opening)
        : SessionExchange(*opening.shared->crypto, opening.shared->aws.machine),
          shared_(*opening.shared) {}

    bay_status on_refresh(const bay_ev_refresh& refresh, bay::Out out) override {
        if (!refresh.target) return out.fail(BAY_ERR_AUTH, "nobody says whose keys are wanted");
        return fetch(Deployment::credentials_of(*refresh.target, shared_), out);
    }

  private:
    const Shared& shared_;
};

constexpr bay::Operation<Opening> kOperations[] = {
    {BAY_OP_CHAT_COMPLETIONS, bay::make_machine<AnyChat>},
    {shared::kCountChat,
     [](const Opening& opening, std::string_view) -> Made {
         return std::make_unique<ChatCountExchange>(opening.shared, opening.request_id);
     }},
    {BAY_OP_CONVERSE,
     [](const Opening& opening, std::string_view) -> Made {
         return std::make_unique<ConverseExchange>(opening.shared);
     }},
    {BAY_OP_INVOKE,
     [](const Opening& opening, std::string_view) -> Made {
         return std::make_unique<InvokeExchange>(opening.shared);
     }},
    {BAY_OP_MESSAGES,
     [](const Opening& opening, std::string_view) -> Made {
         return std::make_unique<MessagesExchange>(opening.shared);
     }},
    {BAY_OP_MESSAGES_COUNT_TOKENS,
     [](const Opening& opening, std::string_view) -> Made {
         return std::make_unique<CountExchange>(opening.shared);
     }},
    {BAY_OP_EMBEDDINGS,
     [](const Opening& opening, std::string_view) -> Made {
         return std::make_unique<EmbeddingsExchange>(opening.shared);
     }},
    {BAY_OP_RERANK,
     [](const Opening& opening, std::string_view) -> Made {
         return std::make_unique<RerankExchange>(opening.shared, opening.request_id);
     }},
    {BAY_OP_IMAGES_GENERATE,
     [](const Opening& opening, std::string_view) -> Made {
         return std::make_unique<ImagesExchange>(opening.shared);
     }},
    {"", bay::make_machine<Session>},  // shared values
};

struct Bedrock : bay::Provider {
    static constexpr char id[] = "bedrock";

    Bedrock(std::string_view config, bay::Diag& diag)
        : crypto_(bay::Crypto::find(diag, bay::Crypto::Need::digests)) {
        if (crypto_) shared_.crypto = &*crypto_;
        const auto parsed = parse_json(config.empty() ? "{}" : config);
        if (!parsed || !parsed->is_object()) {
            diag.error("", "must be a JSON object");
            return;
        }
        shared_.aws = aws::Defaults::of(parsed->get_object());
        shared_.runtime_url = text(parsed->get_object(), "runtime_url");
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

}  // namespace patchbay::bedrock

BAY_PLUGIN(bay::Providers<patchbay::bedrock::Bedrock>)
