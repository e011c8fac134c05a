// SPDX-License-Identifier: Apache-2.0
// The components "sagemaker" and "sagemaker_chat": models behind endpoints of Amazon SageMaker's.
#include <memory>
#include <optional>
#include <patchbay/sdk.hpp>

#include "aws/session_exchange.hpp"
#include "exchanges.hpp"
#include "json/access.hpp"
#include "patchbay/operations.h"
#include "prompt_shared/tgi.hpp"

namespace patchbay::sagemaker {

namespace {

using Made = std::unique_ptr<bay::Exchange>;

// Stands for the address in the region, which the endpoint finds out.
constexpr const char* kBase = "https://runtime.sagemaker.amazonaws.com";

openai::Dialect own_dialect() {
    openai::Dialect dialect = prompt::tgi_dialect("sagemaker");
    dialect.base_url = kBase;
    dialect.operations = {{BAY_OP_CHAT_COMPLETIONS},
                          {BAY_OP_EMBEDDINGS, {}, {"dimensions", "encoding_format", "user"}}};
    return dialect;
}

openai::Dialect chat_dialect() {
    openai::Dialect dialect;
    dialect.provider = "sagemaker_chat";
    dialect.base_url = kBase;
    dialect.answers.shape = true;
    return dialect;
}

/// The keys that end of a deployment, for everybody who waits for them.
class Session : public aws::SessionExchange {
  public:
    explicit Session(const Opening& opening)
        : SessionExchange(*opening.shared->crypto, opening.shared->aws.machine),
          shared_(*opening.shared) {}

    bay_status on_refresh(const bay_ev_refresh& refresh, bay::Out out) override {
        if (!refresh.target) return out.fail(BAY_ERR_AUTH, "nobody says whose keys are wanted");
        return fetch(Endpoint::credentials_of(*refresh.target, shared_), out);
    }

  private:
    const Shared& shared_;
};

constexpr bay::Operation<Opening> kTextOperations[] = {
    {BAY_OP_CHAT_COMPLETIONS, bay::make_machine<OwnExchange>},
    {BAY_OP_EMBEDDINGS, bay::make_machine<OwnExchange>},
    {"", bay::make_machine<Session>},  // shared values
};
constexpr bay::Operation<Opening> kChatOperations[] = {
    {BAY_OP_CHAT_COMPLETIONS, bay::make_machine<ChatExchange>},
    {"", bay::make_machine<Session>},  // shared values
};

class AtSagemaker : public bay::Provider {
  public:
    AtSagemaker(std::string_view config, bay::Diag& diag, openai::Dialect dialect)
        : crypto_(bay::Crypto::find(diag, bay::Crypto::Need::digests)),
          dialect_(std::move(dialect)) {
        if (crypto_) shared_.crypto = &*crypto_;
        const auto parsed = shared::parse_json(config.empty() ? "{}" : config);
        if (!parsed || !parsed->is_object()) {
            diag.error("", "must be a JSON object");
            return;
        }
        shared_.aws = aws::Defaults::of(parsed->get_object());
        shared_.runtime_url = shared::text(parsed->get_object(), "runtime_url");
    }

  protected:
    Opening opening() const { return {&shared_, &dialect_}; }

  private:
    std::optional<bay::Crypto> crypto_;  // empty: the host does not use this instance
    openai::Dialect dialect_;
    Shared shared_;
};

struct Sagemaker : AtSagemaker {
    static constexpr char id[] = "sagemaker";
    Sagemaker(std::string_view config, bay::Diag& diag)
        : AtSagemaker(config, diag, own_dialect()) {}

    Made open(const bay_open_info&) override {
        return std::make_unique<bay::ByOperation<Opening>>(kTextOperations, opening(), id);
    }
};

struct SagemakerChat : AtSagemaker {
    static constexpr char id[] = "sagemaker_chat";
    SagemakerChat(std::string_view config, bay::Diag& diag)
        : AtSagemaker(config, diag, chat_dialect()) {}

    Made open(const bay_open_info&) override {
        return std::make_unique<bay::ByOperation<Opening>>(kChatOperations, opening(), id);
    }
};

}  // namespace

}  // namespace patchbay::sagemaker

BAY_PLUGIN(bay::Providers<patchbay::sagemaker::Sagemaker, patchbay::sagemaker::SagemakerChat>)
