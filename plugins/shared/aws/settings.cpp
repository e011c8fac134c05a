#include "settings.hpp"

#include <patchbay/sdk.hpp>
#include <utility>

#include <boost/algorithm/string/trim.hpp>

namespace patchbay::aws {

namespace {

constexpr std::string_view kContainerHost = "http://169.254.170.2";  // of ECS, for relative paths
constexpr std::string_view kSessionName = "patchbay";
constexpr std::string_view kUsualProfile = "default";

std::string words(const json::object& from, std::string_view name) {
    return std::string(text(from, name));
}

Session keys_in(const json::object& from, std::string_view prefix) {
    const auto member = [&](std::string_view name) {
        return words(from, std::string(prefix).append(name));
    };
    return {member("access_key_id"), member("secret_access_key"), member("session_token")};
}

/// What the profile says, for what the deployment does not.
void apply(Profile profile, Settings& settings) {
    settings.fault = std::move(profile.fault);
    settings.keys = std::move(profile.keys);
    settings.role = std::move(profile.role);
    if (settings.region.empty()) settings.region = std::move(profile.region);
    if (settings.role_session_name.empty()) {
        settings.role_session_name = std::move(profile.role_session_name);
    }
    if (settings.external_id.empty()) settings.external_id = std::move(profile.external_id);
}

void use_profile(std::string_view name, const Defaults& defaults, Settings& settings) {
    if (auto profile = find_profile(defaults.files, name, defaults.keys)) {
        apply(std::move(*profile), settings);
    } else {
        settings.fault =
            "aws_profile_name, AWS_PROFILE: no profile of this name stands in AWS's files";
    }
}

/// A role of the component's, a token for it, or else the profile that AWS's tools take unasked.
void use_component(const Defaults& defaults, Settings& settings) {
    settings.role = defaults.role;
    if (settings.role_session_name.empty()) {
        settings.role_session_name = defaults.role_session_name;
    }
    if (settings.web_identity_token.empty()) {
        settings.web_identity_token = defaults.web_identity_token;
    }
    if (settings.keys.complete()) return;
    if (settings.role.empty()) {
        if (auto profile = find_profile(defaults.files, kUsualProfile, defaults.keys)) {
            apply(std::move(*profile), settings);
        }
    } else if (settings.web_identity_token.empty() && defaults.web_identity_token_file) {
        settings.web_identity_token = *defaults.web_identity_token_file;
        if (settings.web_identity_token.empty()) {
            settings.fault = "AWS_WEB_IDENTITY_TOKEN_FILE: the file holds no token";
        }
    }
}

}  // namespace

Defaults Defaults::of(const json::object& config) {
    Defaults made;
    made.region = words(config, "region");
    made.keys = keys_in(config, "");
    made.role = words(config, "role_arn");
    made.role_session_name = words(config, "role_session_name");
    made.web_identity_token = words(config, "web_identity_token");
    if (find(config, "web_identity_token_file")) {
        made.web_identity_token_file =
            boost::algorithm::trim_copy(words(config, "web_identity_token_file"));
    }
    made.files.credentials = words(config, "credentials_file");
    made.files.config = words(config, "config_file");
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
    const bool own_keys = !made.keys.access_key_id.empty() || !made.keys.secret_access_key.empty();
    const std::string_view usual = own_keys ? std::string_view() : defaults.profile;
    const auto profile = text(params, "aws_profile_name", usual);
    if (!own_keys) made.keys = defaults.keys;
    const bool own_profile = !text(params, "aws_profile_name").empty();
    const bool by_profile =
        !profile.empty() && made.role.empty() && (own_profile || !made.keys.complete());
    if (by_profile) {
        use_profile(profile, defaults, made);
    } else if (!own_keys && (made.role.empty() || made.role == defaults.role)) {
        use_component(defaults, made);
    }
    if (made.role_session_name.empty()) made.role_session_name = kSessionName;
    return made;
}

json::object params_of(const bay_target& target) {
    auto params = parse_json(bay::sv(target.params));
    return params && params->is_object() ? std::move(params->get_object()) : json::object();
}

}  // namespace patchbay::aws
