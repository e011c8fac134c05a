// SPDX-License-Identifier: Apache-2.0
// The provider "snowflake": models of Snowflake Cortex, Claude by Anthropic's API and all others by
// OpenAI's.
#include <memory>
#include <patchbay/sdk.hpp>
#include <string>
#include <vector>

#include "account.hpp"
#include "claude_exchange.hpp"
#include "json/access.hpp"
#include "openai_shared/operations.hpp"
#include "openai_shared/refusal.hpp"
#include "patchbay/operations.h"

namespace patchbay::snowflake {

namespace {

using openai::Param;

/// "Chat Completions API" and "EMBED" of the Cortex REST API.
openai::Dialect own_dialect(std::string base_url) {
    openai::Dialect dialect;
    dialect.provider = "snowflake";
    dialect.base_url = std::move(base_url);
    dialect.key_names = {"SNOWFLAKE_JWT", "SNOWFLAKE_API_KEY"};
    openai::OperationRule embeddings{
        BAY_OP_EMBEDDINGS, "/cortex/inference:embed", {"dimensions", "encoding_format", "user"}};
    embeddings.renames = {{"input", "text"}};
    dialect.operations = {{BAY_OP_CHAT_COMPLETIONS, "/cortex/v1/chat/completions"}, embeddings};
    dialect.supported = {};
    for (const Param param :
         {Param::temperature, Param::top_p, Param::max_tokens, Param::max_completion_tokens,
          Param::tools, Param::tool_choice, Param::stream}) {
        dialect.supported.add(param);
    }
    dialect.renames = {{"max_tokens", "max_completion_tokens"}};
    dialect.stream_options = false;
    return dialect;
}

bool is_claude(const bay_ev_request& request) {
    return bay::sv(request.operation) == BAY_OP_CHAT_COMPLETIONS &&
           bay::sv(request.target->model).find("claude") != std::string_view::npos;
}

/// Puts the address and the key, as they are sent, in the place of the operator's.
class Opened : public bay::Exchange {
  public:
    Opened(const openai::Dialect& dialect, std::string_view request_id)
        : dialect_(dialect), request_id_(request_id) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override {
        bay_target target = *request.target;
        if (target.base_url.len == 0) target.base_url = bay::str(dialect_.base_url);
        const Token token = token_of(bay::sv(target.api_key));
        target.api_key = bay::str(token.value);
        const bool claude = is_claude(request);
        if (target.base_url.len == 0) {
            return openai::refuse(BAY_ERR_BAD_REQUEST, openai::missing_base_message(dialect_), {},
                                  out);
        }
        if (claude && token.value.empty()) {
            return openai::refuse(BAY_ERR_AUTH, openai::missing_key_message(dialect_), {}, out);
        }
        std::vector<bay_kv> headers{{bay::str(kTokenTypeHeader), bay::str(token.type)}};
        headers.insert(headers.end(), request.headers, request.headers + request.header_count);
        bay_ev_request own = request;
        own.target = &target;
        own.headers = headers.data();
        own.header_count = headers.size();
        if (claude) {
            machine_ = std::make_unique<ClaudeExchange>(request_id_);
        } else {
            machine_ = openai::open_exchange(dialect_);
        }
        return machine_->on_request(own, out);
    }
    bay::Exchange& current() noexcept override { return machine_ ? machine_->current() : *this; }

  private:
    const openai::Dialect& dialect_;
    std::string request_id_;
    std::unique_ptr<bay::Exchange> machine_;
};

class Snowflake : public bay::Provider {
  public:
    static constexpr char id[] = "snowflake";

    Snowflake(std::string_view config, bay::Diag& diag) {
        const auto parsed = shared::parse_json(config.empty() ? "{}" : config);
        if (!parsed || !parsed->is_object()) {
            diag.error("", "must be a JSON object");
            return;
        }
        const auto account = shared::text(parsed->get_object(), "account");
        std::string base = account_url(account);
        if (base.empty() && !account.empty())
            diag.error("/account", "must be a part of a host name");
        dialect_ = own_dialect(std::move(base));
    }

    std::unique_ptr<bay::Exchange> open(const bay_open_info& info) override {
        return std::make_unique<Opened>(dialect_, bay::sv(info.request_id));
    }

  private:
    openai::Dialect dialect_;
};

}  // namespace

}  // namespace patchbay::snowflake

BAY_PLUGIN(bay::Providers<patchbay::snowflake::Snowflake>)
