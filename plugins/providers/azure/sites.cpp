#include "sites.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "patchbay/operations.h"
#include "picture_inputs.hpp"

namespace patchbay::azure {

namespace json = shared::json;

namespace {

/// The name of a deployment, without LiteLLM's marks, which say how it is to be asked.
std::string_view deployment_of(const bay_target& target) {
    std::string_view model = bay::sv(target.model);
    for (const std::string_view mark : {"responses/", "o_series/", "gpt5_series/"}) {
        if (model.starts_with(mark)) model.remove_prefix(mark.size());
    }
    return model;
}

shared::Access bearer(std::string_view token) {
    return shared::Access::by_header("authorization", std::string("Bearer ").append(token));
}

/// True if the deployment itself says with what it logs in.
bool names_credentials(const json::object& params) {
    constexpr std::string_view kSecrets[] = {"client_secret", "azure_password", "azure_credential"};
    return std::any_of(std::begin(kSecrets), std::end(kSecrets),
                       [&](std::string_view name) { return !shared::text(params, name).empty(); });
}

openai::Visit visit_to(Place place, const bay_target& target, const json::object& params,
                       const Shared& shared) {
    shared::Access access = access_of(target, params, shared, place.key);
    const bool both = place.key == KeyHeader::both && access.header() == kKeyHeader;
    std::string also = both ? access.value() : std::string();
    return {std::move(place.address), std::move(access), place.names_model, place.tells_usage,
            std::move(also)};
}

}  // namespace

json::object read_params(const bay_target& target) {
    auto params = shared::parse_json(bay::sv(target.params));
    return params && params->is_object() ? std::move(params->get_object()) : json::object();
}

shared::Access access_of(const bay_target& target, const json::object& params, const Shared& shared,
                         KeyHeader header) {
    const auto given = shared::text(params, "azure_ad_token");
    if (!given.empty()) return bearer(given);
    const auto credentials = entra::Credentials::of(params, shared.entra);
    const auto token = [&] { return shared::Access::by_token(credentials->key(*shared.crypto)); };
    if (credentials && names_credentials(params)) return token();
    if (const std::string_view key = bay::sv(target.api_key); !key.empty()) {
        if (header == KeyHeader::bearer) return bearer(key);
        return shared::Access::by_header(kKeyHeader, std::string(key));
    }
    if (!shared.entra.token.empty()) return bearer(shared.entra.token);
    return credentials ? token() : shared::Access();
}

openai::Written<openai::Visit> OpenAiSite::visit(const bay_ev_request& request,
                                                 std::string_view operation) const {
    const json::object params = read_params(*request.target);
    const std::string_view usual =
        shared_.api_version.empty() ? kOpenAiVersion : std::string_view(shared_.api_version);
    Place place =
        azure_openai(bay::sv(request.target->base_url), operation, deployment_of(*request.target),
                     shared::text(params, "api_version", usual));
    return visit_to(std::move(place), *request.target, params, shared_);
}

openai::Written<openai::Visit> FoundrySite::visit(const bay_ev_request& request,
                                                  std::string_view operation) const {
    const json::object params = read_params(*request.target);
    Place place =
        azure_ai(bay::sv(request.target->base_url), operation, deployment_of(*request.target),
                 shared::text(params, "api_version", shared_.api_version));
    if (operation == BAY_OP_EMBEDDINGS && picture_inputs(request)) {
        place = for_pictures(std::move(place));
    }
    return visit_to(std::move(place), *request.target, params, shared_);
}

}  // namespace patchbay::azure
