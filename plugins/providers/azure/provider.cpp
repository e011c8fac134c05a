// The components "azure", "azure_text" and "azure_ai": OpenAI's models at Azure, and the other models
// of Azure AI Foundry.
#include <memory>
#include <optional>
#include <patchbay/sdk.hpp>

#include "chat/count_tokens.hpp"
#include "claude_exchange.hpp"
#include "dialects.hpp"
#include "oauth/token_exchange.hpp"
#include "openai_shared/operations.hpp"
#include "openai_shared/responses_models.hpp"
#include "picture_inputs.hpp"
#include "sites.hpp"
#include "speech_exchange.hpp"

namespace patchbay::azure {

namespace {

using Made = std::unique_ptr<bay::Exchange>;

class Token : public shared::TokenExchange {
  public:
    explicit Token(const Shared& shared) : TokenExchange("Microsoft Entra"), shared_(shared) {}

    bay_status on_refresh(const bay_ev_refresh& refresh, bay::Out out) override {
        if (!refresh.target) return out.fail(BAY_ERR_AUTH, "nobody says whose token is wanted");
        const auto credentials =
            entra::Credentials::of(read_params(*refresh.target), shared_.entra);
        if (!credentials) return out.fail(BAY_ERR_AUTH, "the deployment has no credentials");
        return fetch(credentials->token_call(shared_.entra), out);
    }

  private:
    const Shared& shared_;
};

/// What one component's machines are made of; the instance's.
struct Parts {
    Shared shared;
    std::unique_ptr<const openai::Site> site;
    openai::Dialect dialect;
    bool foundry = false;  ///< Claude is asked by Anthropic's API, and pictures can be embedded
    bool speaks = false;   ///< those that are marked so are asked by the Speech service
};

bool is_claude(const bay_ev_request& request, const openai::Dialect& dialect) {
    const openai::RulesModel model(request, dialect);
    return bay::sv(request.operation) == BAY_OP_CHAT_COMPLETIONS &&
           model.name().find("claude") != std::string_view::npos;
}

bool is_for_speech_service(const bay_ev_request& request) {
    return bay::sv(request.operation) == BAY_OP_AUDIO_SPEECH &&
           bay::sv(request.target->model).starts_with(kSpeechMark);
}

/// As the first event says: a request of the one API or the other, or a token that is wanted.
class Opened : public bay::Exchange {
  public:
    Opened(const Parts& parts, std::string_view request_id)
        : parts_(parts), request_id_(request_id) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override {
        const std::string_view operation = bay::sv(request.operation);
        if (parts_.foundry && is_claude(request, parts_.dialect)) {
            machine_ = std::make_unique<ClaudeExchange>(parts_.shared, request_id_);
        } else if (parts_.foundry && operation == shared::kCountChat) {
            machine_ = std::make_unique<ClaudeCountExchange>(parts_.shared, request_id_);
        } else if (parts_.foundry && operation == BAY_OP_MESSAGES) {
            machine_ = std::make_unique<ClaudeMessagesExchange>(parts_.shared, "");
        } else if (parts_.foundry && operation == BAY_OP_MESSAGES_COUNT_TOKENS) {
            machine_ = std::make_unique<ClaudeMessagesExchange>(parts_.shared, "/count_tokens");
        } else if (parts_.foundry && operation == BAY_OP_EMBEDDINGS && picture_inputs(request)) {
            machine_ = std::make_unique<PictureEmbeddings>(parts_.dialect);
        } else if (parts_.speaks && is_for_speech_service(request)) {
            machine_ = std::make_unique<SpeechExchange>(parts_.dialect);
        } else {
            machine_ = openai::open_exchange(parts_.dialect);
        }
        return machine_->on_request(request, out);
    }
    bay_status on_refresh(const bay_ev_refresh& refresh, bay::Out out) override {
        machine_ = std::make_unique<Token>(parts_.shared);
        return machine_->on_refresh(refresh, out);
    }
    bay::Exchange& current() noexcept override { return machine_ ? machine_->current() : *this; }

  private:
    const Parts& parts_;
    std::string request_id_;
    Made machine_;
};

class AtAzure : public bay::Provider {
  public:
    AtAzure(std::string_view config, bay::Diag& diag)
        : crypto_(bay::Crypto::find(diag, bay::Crypto::Need::digests)) {
        if (crypto_) parts_.shared.crypto = &*crypto_;
        const auto parsed = shared::parse_json(config.empty() ? "{}" : config);
        if (!parsed || !parsed->is_object()) {
            diag.error("", "must be a JSON object");
            return;
        }
        parts_.shared.entra = entra::read_settings(parsed->get_object());
        parts_.shared.api_version = shared::text(parsed->get_object(), "api_version");
    }

    Made open(const bay_open_info& info) override {
        return std::make_unique<Opened>(parts_, bay::sv(info.request_id));
    }

  protected:
    Parts parts_;

  private:
    std::optional<bay::Crypto> crypto_;  // empty: the host does not use this instance
};

struct Azure : AtAzure {
    static constexpr char id[] = "azure";
    Azure(std::string_view config, bay::Diag& diag) : AtAzure(config, diag) {
        parts_.site = std::make_unique<OpenAiSite>(parts_.shared);
        parts_.dialect = azure_dialect(*parts_.site);
        parts_.speaks = true;
    }
};

struct AzureText : AtAzure {
    static constexpr char id[] = "azure_text";
    AzureText(std::string_view config, bay::Diag& diag) : AtAzure(config, diag) {
        parts_.site = std::make_unique<OpenAiSite>(parts_.shared);
        parts_.dialect = azure_text_dialect(*parts_.site);
    }
};

struct AzureAi : AtAzure {
    static constexpr char id[] = "azure_ai";
    AzureAi(std::string_view config, bay::Diag& diag) : AtAzure(config, diag) {
        parts_.site = std::make_unique<FoundrySite>(parts_.shared);
        parts_.dialect = azure_ai_dialect(*parts_.site);
        parts_.foundry = true;
    }
};

}  // namespace

}  // namespace patchbay::azure

BAY_PLUGIN(
    bay::Providers<patchbay::azure::Azure, patchbay::azure::AzureText, patchbay::azure::AzureAi>)
