// SPDX-License-Identifier: Apache-2.0
// The component "github_copilot": the models of a GitHub account with Copilot, in OpenAI's words.
#include <memory>
#include <optional>
#include <patchbay/sdk.hpp>
#include <string>
#include <vector>

#include "json/access.hpp"
#include "openai_shared/operations.hpp"
#include "openai_shared/pass_exchange.hpp"
#include "openai_shared/site.hpp"
#include "patchbay/operations.h"
#include "token.hpp"

namespace patchbay::github_copilot {

namespace {

using openai::Dialect;
using openai::Param;
using Made = std::unique_ptr<bay::Exchange>;

constexpr std::string_view kTokenUrl = "https://api.github.com/copilot_internal/v2/token";
constexpr std::string_view kBase = "https://api.githubcopilot.com";

/// The instance's, which its machines share. Holds no secrets.
struct Parts {
    std::string token_url{kTokenUrl};
    const bay::Crypto* crypto = nullptr;
    Dialect dialect;
};

/// A GitHub token is exchanged; one of Copilot's goes as it is. [any]
class Site : public openai::Site {
  public:
    explicit Site(const Parts& parts) : parts_(parts) {}

    openai::Written<openai::Visit> visit(const bay_ev_request& request,
                                         std::string_view) const override {
        openai::Visit made;
        const std::string_view base = bay::sv(request.target->base_url);
        made.address = base.empty() ? kBase : base;
        const std::string_view key = bay::sv(request.target->api_key);
        if (is_github_token(key)) {
            made.access =
                shared::Access::by_token(token_key(key, parts_.token_url, *parts_.crypto));
        } else if (!key.empty()) {
            made.access =
                shared::Access::by_header("authorization", std::string("Bearer ").append(key));
        }
        return made;
    }

  private:
    const Parts& parts_;
};

Dialect own_dialect(const Site& site, bool keep_system_role) {
    Dialect dialect;
    dialect.provider = "github_copilot";
    dialect.site = &site;
    dialect.key_optional = true;  // what authorizes a call is the site's to know
    dialect.bearer = false;
    dialect.key_names = {
        "GITHUB_COPILOT_API_KEY: a token of a GitHub account with Copilot (gho_..., ghu_...); the "
        "files of LiteLLM's login are not read"};
    dialect.operations = {{BAY_OP_CHAT_COMPLETIONS}, {BAY_OP_RESPONSES}, {BAY_OP_EMBEDDINGS}};
    for (const auto& [name, value] : kEditor) {
        dialect.headers.push_back({std::string(name), std::string(value)});
    }
    dialect.headers.push_back({"copilot-integration-id", "vscode-chat"});
    dialect.headers.push_back({"openai-intent", "conversation-panel"});
    dialect.headers.push_back({"x-github-api-version", "2025-04-01"});
    dialect.headers.push_back({"x-vscode-user-agent-library-version", "electron-fetch"});
    dialect.openai_families = true;
    dialect.supported.add(Param::user);
    dialect.answers.shape = true;
    if (!keep_system_role) dialect.messages.roles = {{"system", "assistant"}};
    return dialect;
}

/// The JSON text of the conversation: chat's messages, or the input of a response.
std::string_view conversation_of(const bay_ev_request& request) {
    for (std::uint64_t i = 0; i < request.member_count; ++i) {
        const std::string_view name = bay::sv(request.members[i].name);
        if (name == "messages" || name == "input") return bay::sv(request.members[i].value);
    }
    return {};
}

/// Its inputs are a list always. [exchange]
class EmbeddingsExchange : public openai::PassExchange {
  public:
    explicit EmbeddingsExchange(const Dialect& dialect)
        : PassExchange(dialect, *openai::find_pass_operation(BAY_OP_EMBEDDINGS)) {}

  protected:
    std::optional<openai::Refusal> write(const bay_ev_request& request, bay::HttpRequest& call,
                                         bay::Out out) override {
        body_.emplace(request);
        bay::Dropped dropped;
        if (auto refusal =
                openai::write_pass_body(request, dialect_, operation_, *body_, &dropped)) {
            return refusal;
        }
        const std::string_view input = body_->value("input");
        if (input.starts_with('"')) {
            body_->replace("input", std::string("[").append(input).append("]"));
        }
        dropped.tell(out);
        call.body(body_->segments());
        return std::nullopt;
    }
};

/// A request with the headers that say what it is, or a token that is wanted.
class Opened : public bay::Exchange {
  public:
    explicit Opened(const Parts& parts) : parts_(parts) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override {
        const std::string id = request_id();
        const std::string_view said = conversation_of(request);
        // What a model or a tool said before makes the request an agent's, which is not billed.
        const bool agent = shared::mentions(said, "\"assistant\"") ||
                           shared::mentions(said, "\"tool\"") ||
                           shared::mentions(said, "\"function_call_output\"");
        std::vector<bay_kv> headers{{bay::str("x-request-id"), bay::str(id)},
                                    {bay::str("x-initiator"), bay::str(agent ? "agent" : "user")}};
        if (shared::mentions(said, "\"image_url\"") || shared::mentions(said, "\"input_image\"")) {
            headers.push_back({bay::str("copilot-vision-request"), bay::str("true")});
        }
        headers.insert(headers.end(), request.headers, request.headers + request.header_count);
        bay_ev_request own = request;
        own.headers = headers.data();
        own.header_count = headers.size();
        if (bay::sv(request.operation) == BAY_OP_EMBEDDINGS) {
            machine_ = std::make_unique<EmbeddingsExchange>(parts_.dialect);
        } else {
            machine_ = openai::open_exchange(parts_.dialect);
        }
        return machine_->on_request(own, out);
    }
    bay_status on_refresh(const bay_ev_refresh& refresh, bay::Out out) override {
        machine_ = std::make_unique<TokenExchange>(parts_.token_url);
        return machine_->on_refresh(refresh, out);
    }
    bay::Exchange& current() noexcept override { return machine_ ? machine_->current() : *this; }

  private:
    static std::string request_id() {
        constexpr std::size_t kDigits = 32;
        return bay::Host::random_hex(kDigits);
    }

    const Parts& parts_;
    Made machine_;
};

class Copilot : public bay::Provider {
  public:
    static constexpr char id[] = "github_copilot";

    Copilot(std::string_view config, bay::Diag& diag)
        : crypto_(bay::Crypto::find(diag, bay::Crypto::Need::digests)) {
        if (crypto_) parts_.crypto = &*crypto_;
        const auto parsed = shared::parse_json(config.empty() ? "{}" : config);
        if (!parsed || !parsed->is_object()) {
            diag.error("", "must be a JSON object");
            return;
        }
        const auto& given = parsed->get_object();
        parts_.token_url = shared::text(given, "token_url", kTokenUrl);
        parts_.dialect = own_dialect(site_, shared::is_true(&given, "keep_system_role"));
    }

    Made open(const bay_open_info&) override { return std::make_unique<Opened>(parts_); }

  private:
    std::optional<bay::Crypto> crypto_;  // empty: the host does not use this instance
    Parts parts_;
    Site site_{parts_};
};

}  // namespace

}  // namespace patchbay::github_copilot

BAY_PLUGIN(bay::Providers<patchbay::github_copilot::Copilot>)
