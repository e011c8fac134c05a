// SPDX-License-Identifier: Apache-2.0
// The provider "oci": models of Oracle Cloud Infrastructure's Generative AI. Calls are signed with the
// user's RSA key, which takes about a millisecond.
#include <memory>
#include <optional>
#include <patchbay/sdk.hpp>

#include <boost/json.hpp>

#include "answer.hpp"
#include "chat/headers.hpp"
#include "json/access.hpp"
#include "patchbay/operations.h"
#include "request.hpp"

namespace patchbay::oci {

namespace {

/// The instance's, which its machines share. Holds a secret.
struct Parts {
    Settings settings;
    const bay::Crypto* crypto = nullptr;
    openai::Dialect generic = generic_dialect();
    openai::Dialect cohere = cohere_dialect();
};

/// Chat and embeddings. [exchange]
class SignedExchange : public openai::TranslatedExchange {
  public:
    SignedExchange(const Parts& parts, const openai::Dialect& dialect)
        : TranslatedExchange(dialect, BAY_DECODE_SSE), parts_(parts) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override {
        auto deployment = Deployment::of(*request.target, parts_.settings);
        if (!deployment) return fail(deployment.error(), out);
        deployment_ = std::move(*deployment);
        return TranslatedExchange::on_request(request, out);
    }

  protected:
    openai::Written<openai::Translated> translate(const bay_ev_request& request,
                                                  std::string_view) const override {
        const bool embeddings = bay::sv(request.operation) == BAY_OP_EMBEDDINGS;
        const std::string_view model = bay::sv(request.target->model);
        openai::Translated made;
        made.url =
            action_url(deployment_.base, deployment_.region, embeddings ? "embedText" : "chat");
        if (made.url.empty()) {
            return openai::Refusal{BAY_ERR_BAD_REQUEST,
                                   "oci_region: must be the name of a region, as us-chicago-1",
                                   {}};
        }
        auto body = embeddings ? write_embeddings(request, dialect_, deployment_, made.dropped)
                               : write_chat(request, dialect_, deployment_, made.dropped);
        if (!body) return body.error();
        made.body = std::move(*body);
        if (embeddings) {
            made.reader = std::make_unique<EmbeddingsReader>(model);
        } else {
            made.reader =
                std::make_unique<ChatReader>(model, (request.flags & BAY_REQ_WANT_USAGE) != 0);
        }
        return made;
    }

    bay_status start(const bay_ev_request& request, bay::Out out) override {
        const auto headers = signed_headers(*parts_.crypto, deployment_.identity, translated_.url,
                                            translated_.body, bay::Host::unix_ms());
        if (!headers) return fail(headers.error(), out);
        bay::HttpRequest call("POST", translated_.url);
        call.header("content-type", "application/json");
        std::string authorization;
        for (const auto& [name, value] : *headers) {
            if (name == "authorization") {
                authorization = value;
            } else {
                call.header(name, value);
            }
        }
        const auto params = shared::parse_json(bay::sv(request.target->params));
        shared::add_headers(
            "authorization", authorization,
            params && params->is_object() ? params->get_object() : boost::json::object(),
            request.headers, request.header_count, call);
        call.flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE).body_view(translated_.body);
        if (streamed_) call.decode(BAY_DECODE_SSE);
        return call.send(out);
    }

  private:
    const Parts& parts_;
    Deployment deployment_;
};

/// As the model's form is.
class Opened : public bay::Exchange {
  public:
    explicit Opened(const Parts& parts) : parts_(parts) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override {
        const bool cohere = is_cohere(bay::sv(request.target->model));
        machine_ =
            std::make_unique<SignedExchange>(parts_, cohere ? parts_.cohere : parts_.generic);
        return machine_->on_request(request, out);
    }
    bay::Exchange& current() noexcept override { return machine_ ? machine_->current() : *this; }

  private:
    const Parts& parts_;
    std::unique_ptr<bay::Exchange> machine_;
};

class Oci : public bay::Provider {
  public:
    static constexpr char id[] = "oci";

    Oci(std::string_view config, bay::Diag& diag) : crypto_(bay::Crypto::find(diag)) {
        if (crypto_) parts_.crypto = &*crypto_;
        const auto parsed = shared::parse_json(config.empty() ? "{}" : config);
        if (!parsed || !parsed->is_object()) {
            diag.error("", "must be a JSON object");
            return;
        }
        parts_.settings = Settings::of(parsed->get_object());
    }

    std::unique_ptr<bay::Exchange> open(const bay_open_info&) override {
        return std::make_unique<Opened>(parts_);
    }

  private:
    std::optional<bay::Crypto> crypto_;  // empty: the host does not use this instance
    Parts parts_;
};

}  // namespace

}  // namespace patchbay::oci

BAY_PLUGIN(bay::Providers<patchbay::oci::Oci>)
