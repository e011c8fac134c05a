#include "places.hpp"

#include <algorithm>
#include <array>

#include "openai_shared/upstream.hpp"
#include "patchbay/operations.h"
#include "patchbay/sdk/percent.hpp"

namespace patchbay::azure {

namespace {

constexpr std::string_view kVersionName = "api-version=";
constexpr std::string_view kOpenAi = "/openai";
constexpr std::string_view kV1 = "/openai/v1";
constexpr std::string_view kDeployments = "/openai/deployments/";
constexpr std::string_view kModels = "/models";
constexpr std::string_view kChat = "/chat/completions";
constexpr std::string_view kImagesVersion = "2025-04-01-preview";

/// A URL in its parts, as views of it.
struct Parts {
    std::string_view origin;  ///< "https://host:port"
    std::string_view path;    ///< without slashes at its end
    std::string_view query;   ///< without "?"

    explicit Parts(std::string_view url) {
        const auto question = url.find('?');
        if (question != std::string_view::npos) query = url.substr(question + 1);
        url = url.substr(0, question);
        while (url.ends_with('/')) url.remove_suffix(1);
        origin = openai::origin_of(url);
        path = url.substr(origin.size());
    }
    /// Without the port.
    std::string_view host() const {
        const auto begin = origin.find("://");
        const std::string_view all =
            begin == std::string_view::npos ? origin : origin.substr(begin + 3);
        return all.substr(0, all.find(':'));
    }
    bool has_version() const {
        return query.starts_with(kVersionName) || query.find("&api-version=") != query.npos;
    }
    std::string_view version() const {
        auto at = query.starts_with(kVersionName) ? 0 : query.find("&api-version=") + 1;
        const std::string_view value = query.substr(at + kVersionName.size());
        return value.substr(0, value.find('&'));
    }
};

/// `path` at the base's host, with the base's query and `version` if that has none.
std::string url_of(const Parts& base, std::string_view path, std::string_view version) {
    std::string url(base.origin);
    url.append(path);
    char separator = '?';
    if (!base.query.empty()) {
        url.append("?").append(base.query);
        separator = '&';
    }
    if (!version.empty() && !base.has_version()) {
        (url += separator).append(kVersionName).append(bay::percent_encoded(version));
    }
    return url;
}

bool is_responses(std::string_view operation) {
    return operation.starts_with(BAY_OP_RESPONSES);
}

bool is_texts(std::string_view operation) {
    return operation == BAY_OP_CHAT_COMPLETIONS || operation == BAY_OP_COMPLETIONS ||
           operation == BAY_OP_EMBEDDINGS;
}

bool is_v1(std::string_view version) {
    return version == "v1" || version == "latest" || version == "preview";
}

// Since when versions have what not all do.
constexpr std::string_view kResponsesSince = "2025-03-01";
constexpr std::string_view kStreamOptionsSince = "2024-09-01";

/// Dates compare as texts.
bool is_since(std::string_view version, std::string_view date) {
    return version.substr(0, date.size()) >= date;
}

/// What of a path stands before "/openai" as a whole segment; all of it if there is none.
std::string_view resource_of(std::string_view path) {
    const auto at = path.find(std::string(kOpenAi) + "/");
    if (at != std::string_view::npos) return path.substr(0, at);
    return path.ends_with(kOpenAi) ? path.substr(0, path.size() - kOpenAi.size()) : path;
}

std::string deployment_path(std::string_view resource, std::string_view deployment) {
    return std::string(resource).append(kDeployments).append(bay::percent_encoded(deployment));
}

/// Of the v1 API, whose version is said for what is not released yet.
Place v1(const Parts& base, std::string_view resource, std::string_view version) {
    const bool preview = version == "preview";
    return {url_of(base, std::string(resource).append(kV1), preview ? version : "")};
}

bool is_at(std::string_view host, std::string_view domain) {
    return host.size() > domain.size() && host.ends_with(domain);
}

// A model that is deployed alone has an address of its own. What is at no address of Azure's stands
// in front of something, mostly of Foundry's; "/v1" says that it is not.
bool is_serverless(const Parts& base) {
    constexpr std::string_view kDomains[] = {".models.ai.azure.com", ".inference.ai.azure.com",
                                             ".inference.ml.azure.com"};
    return base.path.ends_with("/v1") ||
           std::any_of(std::begin(kDomains), std::end(kDomains),
                       [&](std::string_view domain) { return is_at(base.host(), domain); });
}

}  // namespace

Place azure_openai(std::string_view base_url, std::string_view operation,
                   std::string_view deployment, std::string_view version) {
    if (base_url.empty()) return {};
    const Parts base(base_url);
    const std::string_view resource = resource_of(base.path);
    const std::string_view rest = base.path.substr(resource.size());
    const bool elsewhere = is_responses(operation) || operation == BAY_OP_REALTIME;
    if (base.has_version()) version = base.version();
    if (!elsewhere && (rest.starts_with(kDeployments) || base.path.ends_with(kChat)) &&
        !rest.starts_with(kV1)) {
        return {url_of(base, base.path, version), true, KeyHeader::api_key,
                is_since(version, kStreamOptionsSince)};
    }
    if (rest.starts_with(kV1) || is_v1(version) ||
        (is_responses(operation) && !is_since(version, kResponsesSince))) {
        Place place = v1(base, resource, version);
        // Azure's own examples ask it with OpenAI's client, as LiteLLM does.
        if (is_v1(version) && is_texts(operation)) place.key = KeyHeader::bearer;
        return place;
    }
    const std::string root = std::string(resource).append(kOpenAi);
    if (is_responses(operation)) return {url_of(base, root, version)};
    if (operation == BAY_OP_REALTIME) {
        std::string url = url_of(base, root, version);
        return {url.append("&deployment=").append(bay::percent_encoded(deployment)), true};
    }
    return {url_of(base, deployment_path(resource, deployment), version), true, KeyHeader::api_key,
            is_since(version, kStreamOptionsSince)};
}

Place azure_ai(std::string_view base_url, std::string_view operation, std::string_view model,
               std::string_view version) {
    if (base_url.empty()) return {};
    const Parts base(base_url);
    const auto or_else = [&](std::string_view usual) { return version.empty() ? usual : version; };
    if (base.path.find(kDeployments) != std::string_view::npos) {
        return {url_of(base, base.path, or_else(kOpenAiVersion)), true};
    }
    const std::string_view root = base.path.substr(0, base.path.find(kModels));
    if (operation == BAY_OP_IMAGES_GENERATE || operation == BAY_OP_IMAGES_EDIT) {
        const std::string path = deployment_path(resource_of(root), model);
        return {url_of(base, path, or_else(kImagesVersion)), true};
    }
    if (operation == BAY_OP_RERANK) {
        const bool whole = root.ends_with("/v1") || root.ends_with("/rerank");
        const std::string path = std::string(root).append(whole ? "" : "/v1");
        return {url_of(base, path, version), false, KeyHeader::bearer};
    }
    const bool openai = is_at(base.host(), ".openai.azure.com") ||
                        is_at(base.host(), ".cognitiveservices.azure.com");
    if (base.path.find(kV1) != std::string_view::npos || openai) {
        return v1(base, resource_of(base.path), version);
    }
    const bool inference = base.path.size() != root.size();
    // What the Model Inference API does not list it refuses: stream_options are not added there.
    if (inference || !is_serverless(base)) {
        const std::string path =
            inference ? std::string(base.path) : std::string(root).append(kModels);
        // Azure answers nothing without a version; what stands in front of it may have its own.
        const bool own = is_at(base.host(), ".azure.com");
        const std::string_view said = own ? or_else(kInferenceVersion) : version;
        return {url_of(base, path, said), false, KeyHeader::both, false};
    }
    return {url_of(base, base.path, version), false, KeyHeader::bearer, false};
}

Place for_pictures(Place place) {
    const auto query = std::min(place.address.find('?'), place.address.size());
    place.address.insert(query, "/images");
    return place;
}

std::string claude_url(std::string_view base_url) {
    if (base_url.empty()) return {};
    const Parts base(base_url);
    std::string_view path = base.path;
    for (const std::string_view behind : {kModels, std::string_view("/anthropic"), kV1}) {
        path = path.substr(0, path.find(behind));
    }
    return std::string(base.origin).append(path).append("/anthropic/v1/messages");
}

}  // namespace patchbay::azure
