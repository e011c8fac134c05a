// The providers "ollama" and "ollama_chat": models of an Ollama server. They differ in how a
// conversation without tools is sent: as a prompt, or as messages for the model's own template.
#include <patchbay/sdk.hpp>

#include "embeddings.hpp"
#include "openai_shared/translated_exchange.hpp"
#include "reader.hpp"
#include "request.hpp"
#include "text_reader.hpp"

namespace patchbay::ollama {

namespace {

using openai::Translated;
using openai::Written;
using Made = std::unique_ptr<bay::Exchange>;

struct Settings {
    openai::Dialect dialect;
    Form form;
};

/// The address of a path of the API, whichever of its addresses the operator wrote down.
std::string url_of(std::string_view address, std::string_view path) {
    const std::string_view base = openai::without_endings(
        address, {"/api/chat", "/api/generate", "/api/embed", "/api/embeddings", "/api", "/v1"});
    return std::string(base).append(path);
}

class ChatExchange : public openai::TranslatedExchange {
  public:
    explicit ChatExchange(const Settings* settings)
        : TranslatedExchange(settings->dialect, BAY_DECODE_NDJSON), form_(settings->form) {}

  protected:
    Written<Translated> translate(const bay_ev_request& request,
                                  std::string_view address) const override {
        auto sent = write_request(request, dialect_, form_);
        if (!sent) return sent.error();
        return Translated{url_of(address, sent->path), std::move(sent->body),
                          std::make_unique<Reader>(bay::sv(request.target->model),
                                                   (request.flags & BAY_REQ_WANT_USAGE) != 0),
                          std::move(sent->dropped)};
    }

  private:
    Form form_;
};

class TextExchange : public openai::TranslatedExchange {
  public:
    explicit TextExchange(const Settings* settings)
        : TranslatedExchange(settings->dialect, BAY_DECODE_NDJSON) {}

  protected:
    Written<Translated> translate(const bay_ev_request& request,
                                  std::string_view address) const override {
        auto sent = write_request(request, dialect_, Form::text);
        if (!sent) return sent.error();
        return Translated{url_of(address, sent->path), std::move(sent->body),
                          std::make_unique<TextReader>(bay::sv(request.target->model),
                                                       (request.flags & BAY_REQ_WANT_USAGE) != 0),
                          std::move(sent->dropped)};
    }
};

class EmbeddingsExchange : public openai::TranslatedExchange {
  public:
    explicit EmbeddingsExchange(const Settings* settings)
        : TranslatedExchange(settings->dialect, BAY_DECODE_BUFFER) {}

  protected:
    Written<Translated> translate(const bay_ev_request& request,
                                  std::string_view address) const override {
        auto body = write_embeddings(request);
        if (!body) return body.error();
        return Translated{url_of(address, "/api/embed"), std::move(*body),
                          std::make_unique<EmbeddingsReader>(bay::sv(request.target->model))};
    }
};

constexpr bay::Operation<const Settings*> kOperations[] = {
    {BAY_OP_CHAT_COMPLETIONS, bay::make_machine<ChatExchange>},
    {BAY_OP_COMPLETIONS, bay::make_machine<TextExchange>},
    {BAY_OP_EMBEDDINGS, bay::make_machine<EmbeddingsExchange>},
};

class Server : public bay::Provider {
  public:
    Server(std::string_view name, Form form) : settings_{own_dialect(name), form} {}

    Made open(const bay_open_info&) override {
        return std::make_unique<bay::ByOperation<const Settings*>>(kOperations, &settings_,
                                                                   settings_.dialect.provider);
    }

  private:
    Settings settings_;
};

struct Ollama : Server {
    static constexpr char id[] = "ollama";
    Ollama(std::string_view, bay::Diag&) : Server(id, Form::prompt) {}
};

struct OllamaChat : Server {
    static constexpr char id[] = "ollama_chat";
    OllamaChat(std::string_view, bay::Diag&) : Server(id, Form::chat) {}
};

}  // namespace

}  // namespace patchbay::ollama

BAY_PLUGIN(bay::Providers<patchbay::ollama::Ollama, patchbay::ollama::OllamaChat>)
