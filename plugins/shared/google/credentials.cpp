#include "credentials.hpp"

#include <array>
#include <utility>

#include "json.hpp"
#include "patchbay/sdk/jwt.hpp"
#include "patchbay/sdk/percent.hpp"

namespace patchbay::google {

namespace {

constexpr std::string_view kTokenUrl = "https://oauth2.googleapis.com/token";
constexpr std::string_view kScope = "https://www.googleapis.com/auth/cloud-platform";
constexpr std::string_view kMetadataPath =
    "/computeMetadata/v1/instance/service-accounts/default/token";
constexpr std::int64_t kAssertionSeconds = 3600;
// What Google's API keys begin with.
constexpr std::array<std::string_view, 2> kApiKeys{"AIza", "AQ."};

Failure refused(std::string_view why) {
    Failure failure;
    failure.cls = BAY_ERR_AUTH;
    failure.message = why;
    return failure;
}

std::string assertion_claims(std::string_view email, std::string_view audience, std::int64_t now) {
    return to_text(json::object{{"iss", email},
                                {"scope", kScope},
                                {"aud", audience},
                                {"iat", now},
                                {"exp", now + kAssertionSeconds}});
}

bay::HttpRequest form_call(std::string_view url, const std::string& form) {
    bay::HttpRequest call("POST", url);
    call.header("content-type", "application/x-www-form-urlencoded");
    call.header("accept", "application/json").body(form);
    return call;
}

}  // namespace

Result<Credentials> Credentials::read(std::string_view json_text) {
    Credentials made;
    if (json_text.empty()) return made;
    const auto parsed = parse_json(json_text);
    const auto* file = parsed ? parsed->if_object() : nullptr;
    if (!file) return refused("vertex_credentials: must be the JSON of a key file");
    made.text_ = json_text;
    made.project_ = text(*file, "project_id", text(*file, "quota_project_id"));
    made.token_uri_ = text(*file, "token_uri", kTokenUrl);
    const auto type = text(*file, "type");
    if (type == "service_account") {
        made.kind_ = Kind::service_account;
        made.email_ = text(*file, "client_email");
        made.private_key_ = text(*file, "private_key");
        made.key_id_ = text(*file, "private_key_id");
        if (!made.email_.empty() && !made.private_key_.empty()) return made;
        return refused("vertex_credentials: client_email and private_key are needed");
    }
    if (type != "authorized_user") {
        return refused("vertex_credentials: type must be service_account or authorized_user");
    }
    made.kind_ = Kind::user;
    made.client_id_ = text(*file, "client_id");
    made.client_secret_ = text(*file, "client_secret");
    made.refresh_token_ = text(*file, "refresh_token");
    if (!made.client_id_.empty() && !made.refresh_token_.empty()) return made;
    return refused("vertex_credentials: client_id and refresh_token are needed");
}

std::string Credentials::key(const bay::Crypto& crypto) const {
    const auto digest = crypto.sha256(text_);
    return "token:" + bay::hex(bay::bytes_of(digest));
}

Result<bay::HttpRequest> Credentials::token_call(const bay::Crypto& crypto, const Servers& servers,
                                                 std::int64_t now) const {
    if (kind_ == Kind::machine) {
        bay::HttpRequest call("GET", servers.metadata + std::string(kMetadataPath));
        call.header("metadata-flavor", "Google");
        return call;
    }
    const std::string& url = servers.token.empty() ? token_uri_ : servers.token;
    if (kind_ == Kind::user) {
        return form_call(url,
                         "grant_type=refresh_token&client_id=" + bay::percent_encoded(client_id_) +
                             "&client_secret=" + bay::percent_encoded(client_secret_) +
                             "&refresh_token=" + bay::percent_encoded(refresh_token_));
    }
    std::string assertion;
    const auto claims = assertion_claims(email_, token_uri_, now);
    if (bay::jwt(crypto, "RS256", private_key_, key_id_, claims, assertion) != BAY_OK) {
        return refused("vertex_credentials: private_key cannot sign");
    }
    return form_call(
        url,
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + assertion);
}

shared::Access access_by_key(std::string_view api_key) {
    for (const auto begin : kApiKeys) {
        if (api_key.starts_with(begin)) {
            return shared::Access::by_header("x-goog-api-key", std::string(api_key));
        }
    }
    return shared::Access::by_header("authorization", std::string("Bearer ").append(api_key));
}

}  // namespace patchbay::google
