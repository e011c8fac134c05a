#include "access.hpp"

#include <algorithm>
#include <array>
#include <patchbay/sdk.hpp>

#include "signing_keys.hpp"

namespace patchbay::aws {

namespace {

// "Common errors" of AWS's services, and STS's: keys that have ended or were taken back.
constexpr std::array<std::string_view, 5> kEnded{"ExpiredTokenException", "ExpiredToken",
                                                 "UnrecognizedClientException",
                                                 "InvalidClientTokenId", "InvalidTokenException"};
constexpr std::string_view kEndedWords = "security token included in the request";

bool is_ended(const bay_ev_http& done) {
    if (done.failure != BAY_FAIL_NONE) return false;
    if (done.status != 401 && done.status != 403 && done.status != 400) return false;
    // "Name:http://..." in older services.
    auto type = bay::find(done.headers, done.header_count, "x-amzn-errortype");
    type = type.substr(0, type.find(':'));
    const bool named = std::find(kEnded.begin(), kEnded.end(), type) != kEnded.end();
    return named || (done.status != 400 && shared::mentions(bay::sv(done.data), kEndedWords));
}

}  // namespace

Access Access::by_key(std::string_view api_key) {
    Access access;
    access.bearer_ = api_key;
    return access;
}

Access Access::by_credentials(const Credentials& credentials, const bay::Crypto& crypto) {
    Access access;
    if (credentials.source() == Credentials::Source::keys) {
        access.session_ = credentials.keys();
    } else {
        access.key_ = credentials.key(crypto);
    }
    return access;
}

Result<void> Access::take(const bay_ev_shared& shared) {
    shared_ = bay::sv(shared.value);
    auto session = session_of(shared_);
    if (!session) return refused("the shared credentials cannot be read");
    session_ = std::move(*session);
    return {};
}

bool Access::renews(const bay_ev_http& done, bay::Out out) {
    if (key_.empty() || renewed_ || !is_ended(done)) return false;
    renewed_ = true;
    // By its value, so that a newer one stays.
    return out.shared_drop(key_, shared_) == BAY_OK && ask(out) == BAY_OK;
}

std::vector<std::pair<std::string, std::string>> Access::headers(
    const bay::Crypto& crypto, const bay::AwsScope& scope, std::int64_t unix_ms,
    const bay::AwsRequest& request) const {
    if (!signs()) return {{"authorization", "Bearer " + bearer_}};
    static SigningKeys signing_keys;
    return bay::sigv4(crypto, session_.keys(), scope, unix_ms, request,
                      signing_keys.get(crypto, session_.secret_access_key, scope, unix_ms));
}

}  // namespace patchbay::aws
