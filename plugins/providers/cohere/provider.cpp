// The provider "cohere": chat, embeddings and rankings by way of Cohere's API (v2).
#include <patchbay/sdk.hpp>

#include "chat_reader.hpp"
#include "chat_request.hpp"
#include "embeddings.hpp"
#include "openai_shared/pass_exchange.hpp"
#include "openai_shared/translated_exchange.hpp"

namespace patchbay::cohere {

namespace {

using openai::Dialect;
using openai::Translated;
using openai::Written;
using Made = std::unique_ptr<bay::Exchange>;

/// The address of a path of the API, whichever of its addresses the operator wrote down.
std::string url_of(std::string_view address, std::string_view path) {
    const std::string_view base =
        openai::without_endings(address, {"/v2/chat", "/v1/chat", "/v2/embed", "/v1/embed",
                                          "/v2/rerank", "/v1/rerank", "/v2", "/v1"});
    return std::string(base).append(path);
}

class ChatExchange : public openai::TranslatedExchange {
  public:
    explicit ChatExchange(const Dialect* dialect)
        : TranslatedExchange(*dialect, BAY_DECODE_NDJSON) {}

  protected:
    Written<Translated> translate(const bay_ev_request& request,
                                  std::string_view address) const override {
        bay::Dropped dropped;
        auto body = write_chat(request, dialect_, dropped);
        if (!body) return body.error();
        return Translated{url_of(address, "/v2/chat"), std::move(*body),
                          std::make_unique<ChatReader>(bay::sv(request.target->model),
                                                       (request.flags & BAY_REQ_WANT_USAGE) != 0),
                          std::move(dropped)};
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
        return Translated{url_of(address, "/v2/embed"), std::move(*body),
                          std::make_unique<EmbeddingsReader>(bay::sv(request.target->model))};
    }
};

constexpr bay::Operation<const Dialect*> kOperations[] = {
    {BAY_OP_CHAT_COMPLETIONS, bay::make_machine<ChatExchange>},
    {BAY_OP_EMBEDDINGS, bay::make_machine<EmbeddingsExchange>},
    // LiteLLM's rerank API is Cohere's.
    {BAY_OP_RERANK,
     [](const Dialect* const& dialect, std::string_view id) -> Made {
         return std::make_unique<openai::PassExchange>(*dialect, *openai::find_pass_operation(id));
     }},
};

class Cohere : public bay::Provider {
  public:
    static constexpr char id[] = "cohere";

    Cohere(std::string_view, bay::Diag&) : dialect_(own_dialect()) {}

    Made open(const bay_open_info&) override {
        return std::make_unique<bay::ByOperation<const Dialect*>>(kOperations, &dialect_, id);
    }

  private:
    Dialect dialect_;
};

}  // namespace

}  // namespace patchbay::cohere

BAY_PLUGIN(bay::Providers<patchbay::cohere::Cohere>)
