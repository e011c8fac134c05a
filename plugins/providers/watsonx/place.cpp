// SPDX-License-Identifier: Apache-2.0
#include "place.hpp"

#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "openai_shared/translated_exchange.hpp"
#include "openai_shared/upstream.hpp"
#include "patchbay/sdk/percent.hpp"
#include "patchbay/sdk/upstream.hpp"

namespace patchbay::watsonx {

namespace json = boost::json;

namespace {

constexpr std::string_view kDeployed = "deployment/";
constexpr std::string_view kVersion =
    "2024-03-13";  // LiteLLM's, for deployments without an api_version
constexpr std::string_view kIam = "https://iam.cloud.ibm.com/identity/token";

json::object params_of(const bay_target& target) {
    auto parsed = shared::parse_json(bay::sv(target.params));
    return parsed && parsed->is_object() ? std::move(parsed->get_object()) : json::object();
}

/// The first of these members that says something.
std::string_view first_of(const json::object& params,
                          std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
        if (const auto given = shared::text(params, name); !given.empty()) return given;
    }
    return {};
}

/// What stands before the API's own paths.
std::string_view without_path(std::string_view base) {
    return openai::without_endings(
        base.substr(0, base.find('?')),
        {"/ml/v1/text/chat_stream", "/ml/v1/text/chat", "/ml/v1/text/generation_stream",
         "/ml/v1/text/generation", "/ml/v1"});
}

shared::Access zen(std::string_view key) {
    return shared::Access::by_header("authorization", std::string("ZenApiKey ").append(key));
}

shared::Access bearer(std::string_view token) {
    return shared::Access::by_header("authorization", std::string("Bearer ").append(token));
}

}  // namespace

Settings Settings::of(const json::object& config) {
    const auto words = [&](std::string_view name) {
        return std::string(shared::text(config, name));
    };
    return {words("region"),      words("project_id"),
            words("space_id"),    words("token"),
            words("zen_api_key"), std::string(shared::text(config, "iam_url", kIam))};
}

openai::Written<Account> Account::of(const bay_ev_request& request, const Settings& settings) {
    const std::string_view model = bay::sv(request.target->model);
    Account made;
    if (model.starts_with(kDeployed)) return made;
    made.model_id = model;
    const json::object params = params_of(*request.target);
    made.project_id = shared::text(params, "project_id");
    made.space_id = shared::text(params, "space_id");
    if (made.project_id.empty() && made.space_id.empty()) {
        made.project_id = settings.project_id;
        made.space_id = settings.space_id;
    }
    if (made.project_id.empty() && made.space_id.empty()) {
        return openai::Refusal{
            BAY_ERR_AUTH,
            "watsonx needs project_id or space_id of the deployment, WATSONX_PROJECT_ID or "
            "WATSONX_DEPLOYMENT_SPACE_ID",
            {}};
    }
    return made;
}

void Account::put_into(json::object& body) const {
    if (model_id.empty()) return;
    body["model_id"] = model_id;
    const bool project = !project_id.empty();
    body[project ? "project_id" : "space_id"] = project ? project_id : space_id;
}

void Account::put_into(bay::Splice& body) const {
    if (model_id.empty()) {
        body.replace("model", "\"\"");
        return;
    }
    const bool project = !project_id.empty();
    body.set("model_id", bay::json_quote(model_id));
    body.drop(project ? "space_id" : "project_id");
    body.set(project ? "project_id" : "space_id", bay::json_quote(project ? project_id : space_id));
}

openai::Written<openai::Visit> Site::visit(const bay_ev_request& request, std::string_view) const {
    const json::object params = params_of(*request.target);
    std::string base(bay::sv(request.target->base_url));
    if (base.empty()) {
        const auto own = first_of(params, {"watsonx_region_name", "region_name"});
        base = region_url(own.empty() ? std::string_view(settings_.region) : own);
    }
    openai::Visit made;
    made.address = address_of(base, bay::sv(request.target->model),
                              shared::text(params, "api_version", kVersion));
    const std::string_view key = bay::sv(request.target->api_key);
    if (const auto token = first_of(params, {"token", "watsonx_token"}); !token.empty()) {
        made.access = bearer(token);
    } else if (const auto own = shared::text(params, "zen_api_key"); !own.empty()) {
        made.access = zen(own);
    } else if (!key.empty()) {
        made.access = shared::Access::by_token(token_key(key, settings_, *crypto_));
    } else if (!settings_.token.empty()) {
        made.access = bearer(settings_.token);
    } else if (!settings_.zen_api_key.empty()) {
        made.access = zen(settings_.zen_api_key);
    }
    return made;
}

std::string address_of(std::string_view base, std::string_view model, std::string_view version) {
    if (base.empty()) return {};
    std::string address(without_path(base));
    address += "/ml/v1";
    if (model.starts_with(kDeployed)) {
        address.append("/deployments/")
            .append(bay::percent_encoded(model.substr(kDeployed.size()), "/"));
    }
    return address.append("?version=").append(bay::percent_encoded(version));
}

std::string region_url(std::string_view region) {
    const bool name = std::all_of(region.begin(), region.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
    if (region.empty() || !name) return {};
    return std::string("https://").append(region).append(".ml.cloud.ibm.com");
}

std::string token_key(std::string_view api_key, const Settings& settings,
                      const bay::Crypto& crypto) {
    const std::string all = shared::to_text(json::array{settings.iam_url, api_key});
    return "iam:" + bay::hex(bay::bytes_of(crypto.sha256(all)));
}

std::string token_url_of(std::string_view base) {
    constexpr std::string_view kIbm = ".cloud.ibm.com";
    const std::string_view origin = openai::origin_of(base);
    const auto scheme = origin.find("://");
    const auto port = origin.find(':', scheme == std::string_view::npos ? 0 : scheme + 3);
    const std::string_view host = origin.substr(0, port);
    if (base.empty() || host.ends_with(kIbm)) return {};
    return std::string(without_path(base)).append("/identity/token");
}

std::string token_form(std::string_view api_key) {
    return "grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey&apikey=" +
           bay::percent_encoded(api_key);
}

}  // namespace patchbay::watsonx
