#include "credentials.hpp"

#include "region.hpp"

namespace patchbay::aws {

namespace {

constexpr std::string_view kOidc = "oidc/";

}  // namespace

Result<Credentials> Credentials::of(const Settings& settings) {
    Credentials made;
    made.settings_ = settings;
    const auto& keys = settings.keys;
    if (keys.access_key_id.empty() != keys.secret_access_key.empty()) {
        return refused("aws_access_key_id and aws_secret_access_key are only of use together");
    }
    if (!settings.region.empty() && !is_region(settings.region)) {
        return refused("aws_region_name: must be the name of a region, as us-east-1");
    }
    if (!settings.fault.empty()) return refused(settings.fault);
    const auto& token = settings.web_identity_token;
    if (!token.empty()) {
        if (token.starts_with(kOidc)) {
            return refused(
                "aws_web_identity_token: must be the token itself, as of os.environ/NAME");
        }
        if (settings.role.empty()) return refused("aws_web_identity_token: needs aws_role_name");
        made.source_ = Source::web_identity;
    } else if (!settings.role.empty()) {
        made.source_ = Source::role;
    } else {
        made.source_ = keys.complete() ? Source::keys : Source::machine;
    }
    return made;
}

Role Credentials::role() const {
    return {settings_.role, settings_.role_session_name, settings_.external_id,
            source_ == Source::web_identity ? std::string_view(settings_.web_identity_token)
                                            : std::string_view()};
}

std::string Credentials::sts_url() const {
    if (settings_.sts_url.empty()) return endpoint("sts", sts_region()) + "/";
    return settings_.sts_url.ends_with('/') ? settings_.sts_url : settings_.sts_url + "/";
}

std::string Credentials::sts_region() const {
    return settings_.region.empty() ? std::string(kUsualRegion) : settings_.region;
}

std::string Credentials::key(const bay::Crypto& crypto) const {
    const json::array parts{settings_.keys.access_key_id,
                            settings_.keys.secret_access_key,
                            settings_.keys.session_token,
                            settings_.role,
                            settings_.role_session_name,
                            settings_.external_id,
                            role().web_identity_token,
                            settings_.sts_url,
                            sts_region()};
    return "aws:" + bay::hex(bay::bytes_of(crypto.sha256(to_text(parts))));
}

}  // namespace patchbay::aws
