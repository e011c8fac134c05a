#include "token_exchange.hpp"

#include <patchbay/sdk.hpp>
#include <string>

#include "token.hpp"

namespace patchbay::shared {

bay_status TokenExchange::fetch(Result<bay::HttpRequest> call, bay::Out out) const {
    return call ? call->send(out) : report(call.error(), out);
}

bay_status TokenExchange::on_http_done(const bay_ev_http& done, bay::Out out) {
    if (done.failure != BAY_FAIL_NONE || done.status / 100 != 2) {
        // Without the body: token servers repeat what they were sent.
        constexpr int kBadRequest = 400;  // "invalid_grant", a tenant that does not exist
        Failure failure;
        failure.cls = done.failure != BAY_FAIL_NONE ? bay::class_of_failure(done.failure)
                      : done.status == kBadRequest  ? std::uint32_t{BAY_ERR_AUTH}
                                                    : bay::class_of_status(done.status);
        failure.message = std::string(server_).append(" gave no token");
        if (const std::string codes = refusal_codes(bay::sv(done.data)); !codes.empty()) {
            failure.message.append(": ").append(codes);
        }
        failure.upstream_status = done.status;
        failure.retry_after_ms =
            bay::retry_after_ms(done.headers, done.header_count, bay::Host::unix_ms());
        return report(failure, out);
    }
    const auto token = read_token(bay::sv(done.data), bay::Host::unix_ms() / 1000);
    if (!token) return report(token.error(), out);
    return out.shared_put(token->value, token->ttl_ms);
}

}  // namespace patchbay::shared
