#include "credentials.hpp"

#include <utility>

#include <boost/algorithm/string/trim.hpp>

#include "patchbay/sdk/percent.hpp"

namespace patchbay::entra {

namespace json = shared::json;

namespace {

constexpr std::string_view kAuthority = "https://login.microsoftonline.com";
constexpr std::string_view kMetadata = "http://169.254.169.254";
constexpr std::string_view kManagedIdentity = "ManagedIdentityCredential";
/// The tenant of who logs in with a name and a password and names none.
constexpr std::string_view kAnyOrganization = "organizations";
/// RFC 7523, section 2.2.
constexpr std::string_view kAssertionType =
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

std::string words(const json::object& params, std::string_view name, const std::string& otherwise) {
    return std::string(shared::text(params, name, otherwise));
}

std::string without_slashes(std::string_view url) {
    while (url.ends_with('/')) url.remove_suffix(1);
    return std::string(url);
}

void add_field(std::string& form, std::string_view name, std::string_view value) {
    if (!form.empty()) form += '&';
    form.append(name).append("=").append(bay::percent_encoded(value));
}

}  // namespace

Settings read_settings(const json::object& config) {
    Settings made;
    made.tenant_id = shared::text(config, "tenant_id");
    made.client_id = shared::text(config, "client_id");
    made.client_secret = shared::text(config, "client_secret");
    made.username = shared::text(config, "azure_username");
    made.password = shared::text(config, "azure_password");
    made.federated_token = boost::algorithm::trim_copy(words(config, "federated_token_file", {}));
    made.token = shared::text(config, "azure_ad_token");
    made.credential = shared::text(config, "azure_credential");
    made.scope = shared::text(config, "azure_scope");
    made.authority = without_slashes(shared::text(config, "authority_host", kAuthority));
    made.metadata = without_slashes(shared::text(config, "metadata_url", kMetadata));
    made.identity_endpoint = shared::text(config, "identity_endpoint");
    made.identity_header = shared::text(config, "identity_header");
    return made;
}

std::optional<Credentials> Credentials::of(const json::object& params, const Settings& settings) {
    Credentials made;
    made.tenant_ = words(params, "tenant_id", settings.tenant_id);
    made.client_id_ = words(params, "client_id", settings.client_id);
    made.client_secret_ = words(params, "client_secret", settings.client_secret);
    made.username_ = words(params, "azure_username", settings.username);
    made.password_ = words(params, "azure_password", settings.password);
    made.scope_ = words(params, "azure_scope", settings.scope);
    if (made.scope_.empty()) made.scope_ = kScope;
    if (words(params, "azure_credential", settings.credential) == kManagedIdentity) {
        made.kind_ = Kind::managed_identity;
        return made;
    }
    if (made.client_id_.empty()) return std::nullopt;
    if (!made.username_.empty() && !made.password_.empty()) {
        made.kind_ = Kind::password;
        if (made.tenant_.empty()) made.tenant_ = kAnyOrganization;
        return made;
    }
    if (made.tenant_.empty()) return std::nullopt;
    if (!made.client_secret_.empty()) return made;
    made.kind_ = Kind::federated;
    made.assertion_ = settings.federated_token;
    if (made.assertion_.empty()) return std::nullopt;
    return made;
}

std::string Credentials::key(const bay::Crypto& crypto) const {
    std::string all = std::to_string(static_cast<int>(kind_));
    // With their lengths, so that no two sets of texts are the same one after another.
    for (const std::string* part :
         {&tenant_, &client_id_, &client_secret_, &username_, &password_, &scope_, &assertion_}) {
        all.append(" ").append(std::to_string(part->size())).append(":").append(*part);
    }
    const auto digest = crypto.sha256(all);
    return "token:" + bay::hex(bay::bytes_of(digest));
}

bay::HttpRequest Credentials::token_call(const Settings& settings) const {
    if (kind_ == Kind::managed_identity) return managed_identity_call(settings);
    bay::HttpRequest call(
        "POST", settings.authority + "/" + bay::percent_encoded(tenant_) + "/oauth2/v2.0/token");
    std::string form;
    add_field(form, "grant_type", kind_ == Kind::password ? "password" : "client_credentials");
    add_field(form, "client_id", client_id_);
    if (!client_secret_.empty()) add_field(form, "client_secret", client_secret_);
    if (kind_ == Kind::federated) {
        add_field(form, "client_assertion_type", kAssertionType);
        add_field(form, "client_assertion", assertion_);
    }
    if (kind_ == Kind::password) {
        add_field(form, "username", username_);
        add_field(form, "password", password_);
    }
    add_field(form, "scope", scope_);
    call.header("content-type", "application/x-www-form-urlencoded");
    call.header("accept", "application/json").body(form);
    return call;
}

bay::HttpRequest Credentials::managed_identity_call(const Settings& settings) const {
    constexpr std::string_view kDefault = "/.default";
    std::string_view resource = scope_;
    if (resource.ends_with(kDefault)) resource.remove_suffix(kDefault.size());
    const bool app_service = !settings.identity_endpoint.empty();
    std::string query;
    add_field(query, "api-version", app_service ? "2019-08-01" : "2018-02-01");
    add_field(query, "resource", resource);
    if (!client_id_.empty()) add_field(query, "client_id", client_id_);
    if (app_service) {
        bay::HttpRequest call("GET", settings.identity_endpoint + "?" + query);
        call.header("x-identity-header", settings.identity_header);
        return call;
    }
    bay::HttpRequest call("GET", settings.metadata + "/metadata/identity/oauth2/token?" + query);
    call.header("metadata", "true");
    return call;
}

}  // namespace patchbay::entra
