// SPDX-License-Identifier: Apache-2.0
#include "token.hpp"

#include <algorithm>
#include <patchbay/sdk.hpp>

#include "json/access.hpp"

namespace patchbay::github_copilot {

namespace {

constexpr std::string_view kKinds[] = {"gho_", "ghu_", "ghp_", "ghs_", "github_pat_"};

}  // namespace

bool is_github_token(std::string_view key) {
    return std::any_of(std::begin(kKinds), std::end(kKinds),
                       [&](std::string_view kind) { return key.starts_with(kind); });
}

std::string token_key(std::string_view key, std::string_view url, const bay::Crypto& crypto) {
    const std::string all = shared::to_text(shared::json::array{url, key});
    return "copilot:" + bay::hex(bay::bytes_of(crypto.sha256(all)));
}

shared::Result<shared::Token> read_copilot_token(std::string_view json, std::int64_t now) {
    const auto parsed = shared::parse_json(json);
    const shared::json::object* told = parsed ? parsed->if_object() : nullptr;
    const std::string_view value = shared::text(told, "token");
    const auto ends = static_cast<std::int64_t>(shared::count(told, "expires_at"));
    const std::uint32_t ttl = shared::kept_ms(ends - now);
    if (value.empty() || ttl == 0) {
        shared::Failure failure;
        failure.cls = BAY_ERR_AUTH;
        failure.message = "GitHub's answer holds no token of Copilot's that lives";
        return failure;
    }
    return shared::Token{std::string(value), ttl};
}

bay_status TokenExchange::on_refresh(const bay_ev_refresh& refresh, bay::Out out) {
    if (!refresh.target) return out.fail(BAY_ERR_AUTH, "nobody says whose token is wanted");
    bay::HttpRequest call("GET", url_);
    call.header("accept", "application/json");
    call.header("authorization", std::string("token ").append(bay::sv(refresh.target->api_key)));
    for (const auto& [name, value] : kEditor) call.header(name, value);
    return fetch(call, out);
}

bay_status TokenExchange::on_http_done(const bay_ev_http& done, bay::Out out) {
    if (done.failure != BAY_FAIL_NONE || done.status / 100 != 2) {
        return shared::TokenExchange::on_http_done(done, out);
    }
    const auto token = read_copilot_token(bay::sv(done.data), bay::Host::unix_ms() / 1000);
    return token ? out.shared_put(token->value, token->ttl_ms) : report(token.error(), out);
}

}  // namespace patchbay::github_copilot
