// SPDX-License-Identifier: Apache-2.0
// The provider "predibase": models and their adapters served by LoRAX, which has the API of Text
// Generation Inference.
#include <memory>
#include <patchbay/sdk.hpp>
#include <string>

#include <boost/json.hpp>

#include "address.hpp"
#include "json/access.hpp"
#include "patchbay/operations.h"
#include "prompt_shared/prompt.hpp"
#include "prompt_shared/tgi.hpp"

namespace patchbay::predibase {

namespace {

namespace json = boost::json;

constexpr std::string_view kWhose = "Predibase";
constexpr std::uint64_t kUsualMaxTokens = 4096;  // LiteLLM's; the server's own is 20

/// The instance's.
struct Parts {
    openai::Dialect dialect;
    std::string tenant;
};

openai::Dialect own_dialect() {
    openai::Dialect dialect = prompt::tgi_dialect("predibase");
    dialect.base_url = "https://serving.app.predibase.com";
    dialect.key_names = {"PREDIBASE_API_KEY"};
    dialect.operations = {{BAY_OP_CHAT_COMPLETIONS}};
    dialect.supported.add(openai::Param::response_format);
    dialect.response_format = openai::FormatRule::schema_in_json_object;
    return dialect;
}

class ChatExchange : public openai::TranslatedExchange {
  public:
    explicit ChatExchange(const Parts* parts)
        : TranslatedExchange(parts->dialect, BAY_DECODE_SSE), parts_(*parts) {}

  protected:
    openai::Written<openai::Translated> translate(const bay_ev_request& request,
                                                  std::string_view address) const override {
        const auto params = shared::parse_json(bay::sv(request.target->params));
        const json::object settings =
            params && params->is_object() ? params->get_object() : json::object();
        const std::string_view own = shared::text(settings, "tenant_id", parts_.tenant);
        const std::string_view tenant = shared::text(settings, "predibase_tenant_id", own);
        if (tenant.empty()) {
            return openai::Refusal{
                BAY_ERR_BAD_REQUEST,
                "predibase needs predibase_tenant_id of the deployment, or PREDIBASE_TENANT_ID",
                {}};
        }
        const std::string_view model = bay::sv(request.target->model);
        auto prompt = prompt::prompt_of(request, model);
        if (!prompt) return prompt.error();
        const json::object more{
            {"details", true}, {"max_new_tokens", kUsualMaxTokens}, {"return_full_text", false}};
        openai::Translated made;
        auto body = prompt::tgi_body(request, dialect_, std::move(*prompt), more, made.dropped);
        if (!body) return body.error();
        const bool streamed = (request.flags & BAY_REQ_STREAM) != 0;
        made.url = generate_url(address, tenant, model, streamed);
        made.body = shared::to_text(*body);
        made.reader = std::make_unique<prompt::TgiReader>(
            kWhose, model, (request.flags & BAY_REQ_WANT_USAGE) != 0);
        return made;
    }

  private:
    const Parts& parts_;
};

constexpr bay::Operation<const Parts*> kOperations[] = {
    {BAY_OP_CHAT_COMPLETIONS, bay::make_machine<ChatExchange>},
};

class Predibase : public bay::Provider {
  public:
    static constexpr char id[] = "predibase";

    Predibase(std::string_view config, bay::Diag& diag) : parts_{own_dialect(), {}} {
        const auto parsed = shared::parse_json(config.empty() ? "{}" : config);
        if (!parsed || !parsed->is_object()) {
            diag.error("", "must be a JSON object");
            return;
        }
        parts_.tenant = shared::text(parsed->get_object(), "tenant_id");
    }

    std::unique_ptr<bay::Exchange> open(const bay_open_info&) override {
        return std::make_unique<bay::ByOperation<const Parts*>>(kOperations, &parts_, id);
    }

  private:
    Parts parts_;
};

}  // namespace

}  // namespace patchbay::predibase

BAY_PLUGIN(bay::Providers<patchbay::predibase::Predibase>)
