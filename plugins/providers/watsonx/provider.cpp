// SPDX-License-Identifier: Apache-2.0
// The components "watsonx" and "watsonx_text": models of IBM watsonx.ai, which chat in OpenAI's words
// with an account beside them, and those that continue a text.
#include <memory>
#include <optional>
#include <patchbay/sdk.hpp>
#include <string>
#include <utility>

#include "json/access.hpp"
#include "lists.hpp"
#include "oauth/token_exchange.hpp"
#include "openai_shared/chat_exchange.hpp"
#include "openai_shared/upstream.hpp"
#include "patchbay/operations.h"
#include "place.hpp"
#include "text.hpp"

namespace patchbay::watsonx {

namespace {

using openai::Dialect;
using openai::Param;
using openai::Translated;
using openai::Written;
using Made = std::unique_ptr<bay::Exchange>;

/// What one component's machines are made of; the instance's.
struct Parts {
    Settings settings;
    const bay::Crypto* crypto = nullptr;
    Site site{settings, crypto};
    Dialect whole;
    Dialect streamed;  ///< streams have an address of their own
};

bool is_streamed(const bay_ev_request& request) {
    return (request.flags & BAY_REQ_STREAM) != 0;
}

bool wants_usage(const bay_ev_request& request) {
    return (request.flags & BAY_REQ_WANT_USAGE) != 0;
}

/// What both have in common.
Dialect at_watsonx(const char* provider, const Site& site) {
    Dialect dialect;
    dialect.provider = provider;
    dialect.site = &site;
    dialect.key_optional = true;  // what authorizes a call is the site's to know
    dialect.bearer = false;
    dialect.key_names = {"WATSONX_APIKEY", "token, zen_api_key"};
    dialect.stream_options = false;
    dialect.answers.shape = true;
    return dialect;
}

/// "Text chat" of the reference.
Dialect chat_dialect(const Site& site, const char* path) {
    Dialect dialect = at_watsonx("watsonx", site);
    dialect.operations = {
        {BAY_OP_CHAT_COMPLETIONS, path},
        {BAY_OP_EMBEDDINGS, "/text/embeddings", {"dimensions", "encoding_format", "user"}},
        {BAY_OP_RERANK, "/text/rerank"},
        {BAY_OP_AUDIO_TRANSCRIPTIONS, "/audio/transcriptions"},
    };
    dialect.supported = {Param::frequency_penalty,
                         Param::logprobs,
                         Param::max_tokens,
                         Param::n,
                         Param::max_completion_tokens,
                         Param::presence_penalty,
                         Param::reasoning_effort,
                         Param::response_format,
                         Param::seed,
                         Param::stop,
                         Param::stream,
                         Param::temperature,
                         Param::tool_choice,
                         Param::tools,
                         Param::top_logprobs,
                         Param::top_p};
    return dialect;
}

/// "Text generation" of the reference.
Dialect text_dialect(const Site& site, const char* path) {
    Dialect dialect = at_watsonx("watsonx_text", site);
    dialect.operations = {{BAY_OP_CHAT_COMPLETIONS, path}};
    dialect.supported = {Param::frequency_penalty,
                         Param::max_tokens,
                         Param::max_completion_tokens,
                         Param::seed,
                         Param::stop,
                         Param::stream,
                         Param::temperature,
                         Param::top_p};
    dialect.renames = {{"max_completion_tokens", "max_new_tokens"},
                       {"max_tokens", "max_new_tokens"},
                       {"stop", "stop_sequences"},
                       {"seed", "random_seed"},
                       {"frequency_penalty", "repetition_penalty"}};
    return dialect;
}

class ChatExchange : public openai::ChatExchange {
  public:
    ChatExchange(const Dialect& dialect, const Settings& settings)
        : openai::ChatExchange(dialect, *openai::find_pass_operation(BAY_OP_CHAT_COMPLETIONS)),
          settings_(settings) {}

  protected:
    std::optional<openai::Refusal> amend(const bay_ev_request& request,
                                         bay::Splice& body) override {
        const auto account = Account::of(request, settings_);
        if (!account) return account.error();
        account->put_into(body);
        // Its tool_choice is an object alone; the words have a name of their own.
        if (body.value("tool_choice").starts_with('"')) {
            body.rename("tool_choice", "tool_choice_option");
        }
        return std::nullopt;
    }

  private:
    const Settings& settings_;
};

class TranscriptionExchange : public openai::PassExchange {
  public:
    TranscriptionExchange(const Dialect& dialect, const Settings& settings)
        : PassExchange(dialect, *openai::find_pass_operation(BAY_OP_AUDIO_TRANSCRIPTIONS)),
          settings_(settings) {}

  protected:
    std::optional<openai::Refusal> add_parts(const bay_ev_request& request,
                                             openai::Form& form) override {
        const auto account = Account::of(request, settings_);
        if (!account) return account.error();
        if (!account->project_id.empty()) {
            form.add("project_id", account->project_id);
        } else if (!account->space_id.empty()) {
            form.add("space_id", account->space_id);
        }
        return std::nullopt;
    }

  private:
    const Settings& settings_;
};

/// Embeddings, rankings and texts: `address` has the version behind it.
class OwnExchange : public openai::TranslatedExchange {
  public:
    OwnExchange(const Dialect& dialect, const Settings& settings)
        : TranslatedExchange(dialect, BAY_DECODE_SSE), settings_(settings) {}

  protected:
    Written<Translated> translate(const bay_ev_request& request,
                                  std::string_view address) const override {
        const std::string_view operation = bay::sv(request.operation);
        const auto account = Account::of(request, settings_);
        if (!account) return account.error();
        const std::string_view model = bay::sv(request.target->model);
        Translated made;
        made.url = openai::operation_url(address, dialect_.find(operation)->path);
        Written<std::string> body = std::string();
        if (operation == BAY_OP_EMBEDDINGS) {
            body = write_embeddings(request, dialect_, *account, made.dropped);
            made.reader = std::make_unique<EmbeddingsReader>(model);
        } else if (operation == BAY_OP_RERANK) {
            body = write_rerank(request, *account);
            made.reader = std::make_unique<RerankReader>();
        } else {
            body = write_text(request, dialect_, *account, made.dropped);
            made.reader = std::make_unique<TextReader>(model, wants_usage(request));
        }
        if (!body) return body.error();
        made.body = std::move(*body);
        return made;
    }

  private:
    const Settings& settings_;
};

/// A key's token, for everybody who waits for it.
class Token : public shared::TokenExchange {
  public:
    explicit Token(const Settings& settings)
        : TokenExchange("IBM Cloud IAM"), settings_(settings) {}

    bay_status on_refresh(const bay_ev_refresh& refresh, bay::Out out) override {
        if (!refresh.target) return out.fail(BAY_ERR_AUTH, "nobody says whose token is wanted");
        form_ = token_form(bay::sv(refresh.target->api_key));
        other_url_ = token_url_of(bay::sv(refresh.target->base_url));
        return fetch(call(1, settings_.iam_url), out);
    }
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override {
        // Without a way to IBM the operator's own address may stand in for all of it.
        if (done.failure == BAY_FAIL_CONNECT && !other_url_.empty()) {
            return fetch(call(2, std::exchange(other_url_, {})), out);
        }
        return TokenExchange::on_http_done(done, out);
    }

  private:
    bay::HttpRequest call(std::uint32_t number, std::string_view url) const {
        bay::HttpRequest made("POST", url);
        made.call(number).header("content-type", "application/x-www-form-urlencoded");
        made.header("accept", "application/json").body(form_);
        return made;
    }

    const Settings& settings_;
    std::string form_;
    std::string other_url_;  ///< asked if IAM cannot be reached; empty: nobody
};

/// As the first event says.
class Opened : public bay::Exchange {
  public:
    Opened(const Parts& parts, bool texts) : parts_(parts), texts_(texts) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override {
        const std::string_view operation = bay::sv(request.operation);
        const Dialect& dialect = is_streamed(request) ? parts_.streamed : parts_.whole;
        if (operation == BAY_OP_AUDIO_TRANSCRIPTIONS) {
            machine_ = std::make_unique<TranscriptionExchange>(dialect, parts_.settings);
        } else if (operation == BAY_OP_CHAT_COMPLETIONS && !texts_) {
            machine_ = std::make_unique<ChatExchange>(dialect, parts_.settings);
        } else {
            machine_ = std::make_unique<OwnExchange>(dialect, parts_.settings);
        }
        return machine_->on_request(request, out);
    }
    bay_status on_refresh(const bay_ev_refresh& refresh, bay::Out out) override {
        machine_ = std::make_unique<Token>(parts_.settings);
        return machine_->on_refresh(refresh, out);
    }
    bay::Exchange& current() noexcept override { return machine_ ? machine_->current() : *this; }

  private:
    const Parts& parts_;
    bool texts_;
    Made machine_;
};

class AtWatsonx : public bay::Provider {
  public:
    AtWatsonx(std::string_view config, bay::Diag& diag, bool texts)
        : crypto_(bay::Crypto::find(diag, bay::Crypto::Need::digests)), texts_(texts) {
        if (crypto_) parts_.crypto = &*crypto_;
        const auto parsed = shared::parse_json(config.empty() ? "{}" : config);
        if (!parsed || !parsed->is_object()) {
            diag.error("", "must be a JSON object");
            return;
        }
        parts_.settings = Settings::of(parsed->get_object());
    }

    Made open(const bay_open_info&) override { return std::make_unique<Opened>(parts_, texts_); }

  protected:
    Parts parts_;

  private:
    std::optional<bay::Crypto> crypto_;  // empty: the host does not use this instance
    bool texts_;
};

struct Watsonx : AtWatsonx {
    static constexpr char id[] = "watsonx";
    Watsonx(std::string_view config, bay::Diag& diag) : AtWatsonx(config, diag, false) {
        parts_.whole = chat_dialect(parts_.site, "/text/chat");
        parts_.streamed = chat_dialect(parts_.site, "/text/chat_stream");
    }
};

struct WatsonxText : AtWatsonx {
    static constexpr char id[] = "watsonx_text";
    WatsonxText(std::string_view config, bay::Diag& diag) : AtWatsonx(config, diag, true) {
        parts_.whole = text_dialect(parts_.site, "/text/generation");
        parts_.streamed = text_dialect(parts_.site, "/text/generation_stream");
    }
};

}  // namespace

}  // namespace patchbay::watsonx

BAY_PLUGIN(bay::Providers<patchbay::watsonx::Watsonx, patchbay::watsonx::WatsonxText>)
