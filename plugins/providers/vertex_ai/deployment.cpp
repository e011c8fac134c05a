// SPDX-License-Identifier: Apache-2.0
#include "deployment.hpp"

#include <algorithm>
#include <array>
#include <patchbay/sdk.hpp>
#include <utility>

namespace patchbay::vertex_ai {

namespace json = boost::json;

namespace {

using google::find;
using google::text;

constexpr std::string_view kUsualLocation = "us-central1";
// The manifest's, which stands for the host of the location.
constexpr std::string_view kOwnBase = "https://aiplatform.googleapis.com";
constexpr std::string_view kGemini = "gemini/";

// LiteLLM takes each of the two names.
constexpr std::array<std::string_view, 2> kPrefixes{"vertex_", "vertex_ai_"};

const json::value* setting(const json::object& settings, std::string_view name) {
    for (const auto prefix : kPrefixes) {
        if (const auto* value = find(settings, std::string(prefix).append(name))) return value;
    }
    return nullptr;
}

std::string words(const json::object& settings, std::string_view name,
                  const std::string& otherwise) {
    const auto* value = setting(settings, name);
    if (!value) return otherwise;
    const auto* given = value->if_string();
    return given ? std::string(google::view(*given)) : google::to_text(*value);
}

json::object settings_of(const bay_target& target) {
    auto params = google::parse_json(bay::sv(target.params));
    return params && params->is_object() ? std::move(params->get_object()) : json::object();
}

bool is_number(std::string_view name) {
    return !name.empty() &&
           std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "Vertex AI locations": the world, and the parts of it that are more than one region.
std::string host_of(std::string_view location) {
    if (location == "global") return "https://aiplatform.googleapis.com";
    const bool part = location == "us" || location == "eu";
    std::string host("https://");
    if (part) return host.append("aiplatform.").append(location).append(".rep.googleapis.com");
    return host.append(location).append("-aiplatform.googleapis.com");
}

/// Models that other publishers than Google have under names of their own.
struct Partner {
    std::string_view begin;  ///< of the model's name
    Family family;
    std::string_view publisher;
    std::string_view version = "v1";  ///< of Vertex AI's API
};
constexpr std::array kPartners{
    Partner{"claude-", Family::claude, "anthropic"},
    Partner{"codestral-", Family::mistral, "mistralai"},
    Partner{"ministral-", Family::mistral, "mistralai"},
    Partner{"mistral-", Family::mistral, "mistralai"},
    Partner{"mixtral-", Family::mistral, "mistralai"},
    Partner{"jamba-", Family::ai21, "ai21", "v1beta1"},
};
constexpr Partner kGoogle{"", Family::google, "google"};

const Partner& partner_of(std::string_view model) {
    const auto* found = std::find_if(kPartners.begin(), kPartners.end(), [&](const Partner& row) {
        return model.starts_with(row.begin);
    });
    return found == kPartners.end() ? kGoogle : *found;
}

}  // namespace

Family family_of(std::string_view model) {
    if (const auto family = partner_of(model).family; family != Family::google) return family;
    const bool others = model.find('/') != std::string_view::npos && !model.starts_with(kGemini);
    return others ? Family::openai : Family::google;
}

google::Result<google::Credentials> Deployment::credentials_of(const bay_target& target,
                                                               const Shared& shared) {
    return google::Credentials::read(words(settings_of(target), "credentials", shared.credentials));
}

google::Result<Deployment> Deployment::of(const bay_target& target, const Shared& shared) {
    Deployment made;
    made.settings_ = settings_of(target);
    made.model_ = bay::sv(target.model);
    made.base_ = bay::sv(target.base_url);
    made.project_ = words(made.settings_, "project", shared.project);
    made.location_ = words(made.settings_, "location", shared.location);
    if (const auto key = bay::sv(target.api_key); !key.empty()) {
        made.access_ = google::access_by_key(key);
    } else {
        const auto credentials = credentials_of(target, shared);
        if (!credentials) return credentials.error();
        if (made.project_.empty()) made.project_ = credentials->project();
        made.access_ = shared::Access::by_token(credentials->key(*shared.crypto));
    }
    if (made.project_.empty()) {
        return google::bad_request("vertex_project",
                                   "must be set for the deployment, or in VERTEXAI_PROJECT");
    }
    return made;
}

std::string_view Deployment::own_base() const {
    std::string_view base = base_;
    while (base.ends_with('/')) base.remove_suffix(1);
    return base == kOwnBase ? std::string_view() : base;
}

std::string Deployment::service_url(std::string_view host, std::string_view path) const {
    std::string_view base = own_base();
    if (base.ends_with(path)) base.remove_suffix(path.size());
    return std::string(base.empty() ? host : base).append(path);
}

std::string Deployment::url(std::string_view method, std::string_view name,
                            std::string_view version) const {
    const std::string_view location = location_.empty() ? kUsualLocation : location_;
    const std::string_view base = own_base();
    std::string url = base.empty() ? host_of(location) : std::string(base);
    const auto& partner = partner_of(model_);
    url.append("/")
        .append(version.empty() ? partner.version : version)
        .append("/projects/")
        .append(bay::percent_encoded(project_));
    url.append("/locations/").append(bay::percent_encoded(location));
    if (family_of(model_) == Family::openai) return url.append("/endpoints/openapi").append(method);
    if (name.starts_with(kGemini)) name.remove_prefix(kGemini.size());
    if (is_number(name)) return url.append("/endpoints/").append(name).append(":").append(method);
    url.append("/publishers/").append(partner.publisher).append("/models/");
    return url.append(bay::percent_encoded(name, "@")).append(":").append(method);
}

}  // namespace patchbay::vertex_ai
