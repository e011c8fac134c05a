#include "access.hpp"

#include <array>
#include <patchbay/sdk.hpp>

#include "errors.hpp"

namespace patchbay::google {

namespace {

// What Google's API keys begin with.
constexpr std::array<std::string_view, 2> kApiKeys{"AIza", "AQ."};

}  // namespace

Access Access::by_key(std::string_view api_key) {
    Access access;
    for (const auto begin : kApiKeys) {
        if (!api_key.starts_with(begin)) continue;
        access.header_ = "x-goog-api-key";
        access.value_ = api_key;
        return access;
    }
    access.value_ = std::string("Bearer ").append(api_key);
    return access;
}

Access Access::by_token(const Credentials& credentials, const bay::Crypto& crypto) {
    Access access;
    access.key_ = credentials.key(crypto);
    return access;
}

void Access::take(const bay_ev_shared& shared) {
    token_ = bay::sv(shared.value);
    value_ = "Bearer " + token_;
}

bool Access::renews(int status, bay::Out out) {
    if (status != 401 || key_.empty() || renewed_) return false;
    renewed_ = true;
    // By its value, so that a newer one stays.
    return out.shared_drop(key_, token_) == BAY_OK && ask(out) == BAY_OK;
}

bay_status TokenExchange::fetch(const Result<Credentials>& credentials, bay::Out out) {
    if (!credentials) return report(credentials.error(), out);
    auto call = credentials->token_call(crypto_, servers_, bay::Host::unix_ms() / 1000);
    if (!call) return report(call.error(), out);
    return call->send(out);
}

bay_status TokenExchange::on_http_done(const bay_ev_http& done, bay::Out out) {
    if (done.failure != BAY_FAIL_NONE || done.status / 100 != 2) {
        // Without the body: token servers repeat what they were sent.
        Failure failure;
        failure.cls = done.failure != BAY_FAIL_NONE ? bay::class_of_failure(done.failure)
                      : done.status == 400          ? std::uint32_t{BAY_ERR_AUTH}  // invalid_grant
                                                    : bay::class_of_status(done.status);
        failure.message = "Google's token server gave no token";
        failure.upstream_status = done.status;
        failure.retry_after_ms =
            bay::retry_after_ms(done.headers, done.header_count, bay::Host::unix_ms());
        return report(failure, out);
    }
    const auto token = read_token(bay::sv(done.data));
    if (!token) return report(token.error(), out);
    return out.shared_put(token->value, token->ttl_ms);
}

}  // namespace patchbay::google
