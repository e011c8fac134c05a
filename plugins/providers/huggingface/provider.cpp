// The provider "huggingface": chat by way of the router of the inference providers and of endpoints
// of one's own, embeddings and rankings.
#include <patchbay/sdk.hpp>

#include "lists.hpp"
#include "openai_shared/chat_exchange.hpp"
#include "openai_shared/translated_exchange.hpp"
#include "patchbay/operations.h"
#include "target.hpp"

namespace patchbay::huggingface {

namespace {

using openai::Dialect;
using openai::Translated;
using openai::Written;
using Made = std::unique_ptr<bay::Exchange>;

/// The router and TGI speak OpenAI's chat API.
Dialect own_dialect() {
    Dialect dialect;
    dialect.provider = "huggingface";
    dialect.base_url = kRouter;
    dialect.key_names = {"HUGGINGFACE_API_KEY", "HF_TOKEN"};
    dialect.operations = {{BAY_OP_CHAT_COMPLETIONS}, {BAY_OP_EMBEDDINGS}, {BAY_OP_RERANK}};
    return dialect;
}

/// Chat with another address and another name of the model.
class ChatExchange : public openai::ChatExchange {
  public:
    explicit ChatExchange(const Dialect* dialect)
        : openai::ChatExchange(*dialect, *openai::find_pass_operation(BAY_OP_CHAT_COMPLETIONS)) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override {
        const std::string_view given = bay::sv(request.target->base_url);
        const std::string_view address = given.empty() ? kRouter : given;
        const std::string url = chat_address(address);
        const std::string model = model_name(bay::sv(request.target->model), is_router(address));
        bay_target target = *request.target;
        target.base_url = bay::str(url);
        target.model = bay::str(model);
        bay_ev_request own = request;
        own.target = &target;
        return openai::ChatExchange::on_request(own, out);
    }
};

class EmbeddingsExchange : public openai::TranslatedExchange {
  public:
    explicit EmbeddingsExchange(const Dialect* dialect)
        : TranslatedExchange(*dialect, BAY_DECODE_BUFFER) {}

  protected:
    Written<Translated> translate(const bay_ev_request& request,
                                  std::string_view address) const override {
        auto body = write_embeddings(request);
        if (!body) return body.error();
        const std::string_view model = bay::sv(request.target->model);
        return Translated{embeddings_url(address, model), std::move(*body),
                          std::make_unique<EmbeddingsReader>(model)};
    }
};

class RerankExchange : public openai::TranslatedExchange {
  public:
    explicit RerankExchange(const Dialect* dialect)
        : TranslatedExchange(*dialect, BAY_DECODE_BUFFER) {}

  protected:
    Written<Translated> translate(const bay_ev_request& request,
                                  std::string_view address) const override {
        if (is_router(address)) {
            return openai::Refusal{
                BAY_ERR_BAD_REQUEST, "rankings are made by endpoints: set api_base", {}};
        }
        const auto ranking = shared::Ranking::read(bay::sv(request.json));
        if (!ranking) return openai::refusal_of(ranking.error());
        auto body = write_rerank(*ranking);
        if (!body) return body.error();
        return Translated{rerank_url(address), std::move(*body),
                          std::make_unique<RerankReader>(ranking->most())};
    }
};

constexpr bay::Operation<const Dialect*> kOperations[] = {
    {BAY_OP_CHAT_COMPLETIONS, bay::make_machine<ChatExchange>},
    {BAY_OP_EMBEDDINGS, bay::make_machine<EmbeddingsExchange>},
    {BAY_OP_RERANK, bay::make_machine<RerankExchange>},
};

class HuggingFace : public bay::Provider {
  public:
    static constexpr char id[] = "huggingface";

    HuggingFace(std::string_view, bay::Diag&) : dialect_(own_dialect()) {}

    Made open(const bay_open_info&) override {
        return std::make_unique<bay::ByOperation<const Dialect*>>(kOperations, &dialect_, id);
    }

  private:
    Dialect dialect_;
};

}  // namespace

}  // namespace patchbay::huggingface

BAY_PLUGIN(bay::Providers<patchbay::huggingface::HuggingFace>)
