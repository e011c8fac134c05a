// SPDX-License-Identifier: Apache-2.0
// The provider "gigachat": Sber's GigaChat, chat and embeddings.
#include <memory>
#include <optional>
#include <patchbay/sdk.hpp>
#include <string>

#include "chat_exchange.hpp"
#include "embeddings.hpp"
#include "json/access.hpp"
#include "login.hpp"
#include "patchbay/operations.h"

namespace patchbay::gigachat {

namespace {

/// The instance's, which its machines share. Holds no secrets.
struct Parts {
    Settings settings;
    const bay::Crypto* crypto = nullptr;
    Site site{settings, crypto};
    openai::Dialect dialect = own_dialect(site);
};

class EmbeddingsExchange : public openai::TranslatedExchange {
  public:
    explicit EmbeddingsExchange(const openai::Dialect& dialect)
        : TranslatedExchange(dialect, BAY_DECODE_BUFFER) {}

  protected:
    openai::Written<openai::Translated> translate(const bay_ev_request& request,
                                                  std::string_view address) const override {
        openai::Translated made;
        auto body = write_embeddings(request, dialect_, made.dropped);
        if (!body) return body.error();
        made.url = openai::operation_url(address, "/embeddings");
        made.body = std::move(*body);
        made.reader = std::make_unique<EmbeddingsReader>();
        return made;
    }
};

using Made = std::unique_ptr<bay::Exchange>;

constexpr bay::Operation<const Parts*> kOperations[] = {
    {BAY_OP_CHAT_COMPLETIONS,
     [](const Parts* const& parts, std::string_view) -> Made {
         return std::make_unique<ChatExchange>(parts->dialect);
     }},
    {BAY_OP_EMBEDDINGS,
     [](const Parts* const& parts, std::string_view) -> Made {
         return std::make_unique<EmbeddingsExchange>(parts->dialect);
     }},
    {"",
     [](const Parts* const& parts, std::string_view) -> Made {
         return std::make_unique<TokenExchange>(parts->settings);
     }},
};

class GigaChat : public bay::Provider {
  public:
    static constexpr char id[] = "gigachat";

    GigaChat(std::string_view config, bay::Diag& diag)
        : crypto_(bay::Crypto::find(diag, bay::Crypto::Need::digests)) {
        if (crypto_) parts_.crypto = &*crypto_;
        const auto parsed = shared::parse_json(config.empty() ? "{}" : config);
        if (!parsed || !parsed->is_object()) {
            diag.error("", "must be a JSON object");
            return;
        }
        const auto& given = parsed->get_object();
        parts_.settings.auth_url = shared::text(given, "auth_url", kAuthUrl);
        parts_.settings.scope = shared::text(given, "scope", kScope);
    }

    Made open(const bay_open_info&) override {
        return std::make_unique<bay::ByOperation<const Parts*>>(kOperations, &parts_, id);
    }

  private:
    std::optional<bay::Crypto> crypto_;  // empty: the host does not use this instance
    Parts parts_;
};

}  // namespace

}  // namespace patchbay::gigachat

BAY_PLUGIN(bay::Providers<patchbay::gigachat::GigaChat>)
