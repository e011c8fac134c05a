// SPDX-License-Identifier: Apache-2.0
#include "deployment.hpp"

#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "openai_shared/translated_exchange.hpp"

namespace patchbay::oci {

namespace json = boost::json;

namespace {

// The manifest's, which stands for the address in the region.
constexpr std::string_view kOwnBase = "https://inference.generativeai.oci.oraclecloud.com";
constexpr std::string_view kUsualRegion = "us-ashburn-1";  // LiteLLM's
constexpr std::string_view kActions = "/20231130/actions/";

std::string words(const json::object& from, const char* name, std::string_view otherwise = {}) {
    return std::string(shared::text(from, name, otherwise));
}

}  // namespace

Settings Settings::of(const json::object& config) {
    return {words(config, "region", kUsualRegion),
            {words(config, "tenancy"), words(config, "user"), words(config, "fingerprint"),
             words(config, "key")},
            words(config, "key_file"),
            words(config, "compartment_id")};
}

shared::Result<Deployment> Deployment::of(const bay_target& target, const Settings& component) {
    const auto parsed = shared::parse_json(bay::sv(target.params));
    const json::object params =
        parsed && parsed->is_object() ? parsed->get_object() : json::object();
    const Identity& usual = component.identity;
    Deployment made;
    made.base = bay::sv(target.base_url);
    if (made.base == kOwnBase) made.base.clear();
    made.region = words(params, "oci_region", component.region);
    made.identity = {
        words(params, "oci_tenancy", usual.tenancy), words(params, "oci_user", usual.user),
        words(params, "oci_fingerprint", usual.fingerprint), words(params, "oci_key", usual.key)};
    made.compartment = words(params, "oci_compartment_id", component.compartment);
    const std::pair<const char*, const std::string*> needed[] = {
        {"oci_tenancy", &made.identity.tenancy},         {"oci_user", &made.identity.user},
        {"oci_fingerprint", &made.identity.fingerprint}, {"oci_key", &made.identity.key},
        {"oci_compartment_id", &made.compartment},
    };
    std::string missing;
    for (const auto& [name, value] : needed) {
        if (value->empty()) missing.append(missing.empty() ? "" : ", ").append(name);
    }
    if (!missing.empty()) {
        shared::Failure failure;
        failure.cls = BAY_ERR_AUTH;
        failure.message = "the deployment lacks " + missing;
        const bool file = !words(params, "oci_key_file").empty() || !component.key_file.empty();
        if (made.identity.key.empty() && file) {
            failure.message += "; files of keys are not read here: give the key itself as oci_key";
        }
        return failure;
    }
    const std::string endpoint = words(params, "oci_endpoint_id", bay::sv(target.model));
    if (words(params, "oci_serving_mode") == "DEDICATED") {
        made.serving_mode = {{"servingType", "DEDICATED"}, {"endpointId", endpoint}};
    } else {
        made.serving_mode = {{"servingType", "ON_DEMAND"}, {"modelId", bay::sv(target.model)}};
    }
    return made;
}

std::string action_url(std::string_view base, std::string_view region, std::string_view action) {
    std::string url(
        openai::without_endings(base, {"/20231130/actions/chat", "/20231130/actions/embedText"}));
    if (url.empty()) {
        const bool name = std::all_of(region.begin(), region.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        });
        if (!name || region.empty()) return {};
        url.append("https://inference.generativeai.").append(region).append(".oci.oraclecloud.com");
    }
    return url.append(kActions).append(action);
}

}  // namespace patchbay::oci
