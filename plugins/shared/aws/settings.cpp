#include "settings.hpp"

#include <patchbay/sdk.hpp>

namespace patchbay::aws {

namespace {

constexpr std::string_view kContainerHost = "http://169.254.170.2";  // of ECS, for relative paths
constexpr std::string_view kSessionName = "patchbay";

std::string words(const json::object& from, std::string_view name) {
    return std::string(text(from, name));
}

Session keys_in(const json::object& from, std::string_view prefix) {
    const auto member = [&](std::string_view name) {
        return words(from, std::string(prefix).append(name));
    };
    return {member("access_key_id"), member("secret_access_key"), member("session_token")};
}

}  // namespace

Defaults Defaults::of(const json::object& config) {
    Defaults made;
    made.region = words(config, "region");
    made.keys = keys_in(config, "");
    made.role = words(config, "role_arn");
    made.role_session_name = words(config, "role_session_name");
    made.web_identity_token = words(config, "web_identity_token");
    made.web_identity_token_file = words(config, "web_identity_token_file");
    made.profile = words(config, "profile");
    made.sts_url = words(config, "sts_url");
    made.machine.container_url = words(config, "container_url");
    if (const auto path = text(config, "container_path"); !path.empty()) {
        made.machine.container_url = std::string(kContainerHost).append(path);
    }
    made.machine.container_token = words(config, "container_token");
    made.machine.metadata_url = text(config, "metadata_url", made.machine.metadata_url);
    return made;
}

Settings Settings::of(const json::object& params, const Defaults& defaults) {
    Settings made;
    made.region = text(params, "aws_region_name", defaults.region);
    made.keys = keys_in(params, "aws_");
    made.role = words(params, "aws_role_name");
    made.role_session_name = words(params, "aws_session_name");
    made.external_id = words(params, "aws_external_id");
    made.web_identity_token = words(params, "aws_web_identity_token");
    made.sts_url = text(params, "aws_sts_endpoint", defaults.sts_url);
    made.profile = words(params, "aws_profile_name");
    const bool own_keys = !made.keys.access_key_id.empty() || !made.keys.secret_access_key.empty();
    if (!own_keys) made.keys = defaults.keys;
    if (!made.keys.complete() && made.profile.empty()) made.profile = defaults.profile;
    if (!own_keys && made.role.empty() && made.profile.empty()) {
        made.role = defaults.role;
        made.web_identity_token_file = defaults.web_identity_token_file;
        if (made.web_identity_token.empty()) made.web_identity_token = defaults.web_identity_token;
        if (made.role_session_name.empty()) made.role_session_name = defaults.role_session_name;
    }
    if (made.role_session_name.empty()) made.role_session_name = kSessionName;
    return made;
}

json::object params_of(const bay_target& target) {
    auto params = parse_json(bay::sv(target.params));
    return params && params->is_object() ? std::move(params->get_object()) : json::object();
}

}  // namespace patchbay::aws
