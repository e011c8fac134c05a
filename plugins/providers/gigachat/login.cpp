// SPDX-License-Identifier: Apache-2.0
#include "login.hpp"

#include <patchbay/sdk.hpp>
#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "openai_shared/translated_exchange.hpp"
#include "openai_shared/upstream.hpp"
#include "patchbay/sdk/percent.hpp"

namespace patchbay::gigachat {

namespace {

/// A random UUID (RFC 9562, version 4) as it is written.
std::string random_uuid() {
    constexpr std::size_t kDigits = 32;
    constexpr std::size_t kVersion = 12, kVariant = 16;
    std::string digits = bay::Host::random_hex(kDigits);
    digits[kVersion] = '4';
    digits[kVariant] = 'a';
    for (const std::size_t dash : {8, 13, 18, 23}) digits.insert(dash, 1, '-');
    return digits;
}

}  // namespace

bool is_token(std::string_view key) {
    return key.starts_with("eyJ");
}

std::string scope_of(std::string_view params, const Settings& settings) {
    const auto parsed = shared::parse_json(params);
    return std::string(
        shared::text(parsed ? parsed->if_object() : nullptr, "scope", settings.scope));
}

std::string token_key(std::string_view credentials, std::string_view scope,
                      const Settings& settings, const bay::Crypto& crypto) {
    const std::string all =
        shared::to_text(shared::json::array{settings.auth_url, scope, credentials});
    return "gigachat:" + bay::hex(bay::bytes_of(crypto.sha256(all)));
}

std::string other_auth_url(std::string_view base) {
    if (base.empty() || openai::origin_of(base).find("sberbank.ru") != std::string_view::npos) {
        return {};
    }
    return std::string(openai::without_endings(base, {"/api/v1", "/v1"})).append("/api/v2/oauth");
}

shared::Result<shared::Token> read_token(std::string_view json, std::int64_t now_ms) {
    const auto parsed = shared::parse_json(json);
    const shared::json::object* told = parsed ? parsed->if_object() : nullptr;
    const std::string_view value = shared::text(told, "access_token");
    const auto ends = static_cast<std::int64_t>(shared::count(told, "expires_at"));
    const std::uint32_t ttl = shared::kept_ms((ends - now_ms) / 1000);
    if (value.empty() || ttl == 0) {
        shared::Failure failure;
        failure.cls = BAY_ERR_AUTH;
        failure.message = "the answer of GigaChat's token server holds no token that lives";
        return failure;
    }
    return shared::Token{std::string(value), ttl};
}

openai::Written<openai::Visit> Site::visit(const bay_ev_request& request, std::string_view) const {
    openai::Visit made;
    const std::string_view base = bay::sv(request.target->base_url);
    made.address = base.empty() ? kAddress : base;
    const std::string_view key = bay::sv(request.target->api_key);
    if (is_token(key)) {
        made.access =
            shared::Access::by_header("authorization", std::string("Bearer ").append(key));
    } else if (!key.empty()) {
        const std::string scope = scope_of(bay::sv(request.target->params), settings_);
        made.access = shared::Access::by_token(token_key(key, scope, settings_, *crypto_));
    }
    return made;
}

bay_status TokenExchange::on_refresh(const bay_ev_refresh& refresh, bay::Out out) {
    if (!refresh.target) return out.fail(BAY_ERR_AUTH, "nobody says whose token is wanted");
    authorization_ = std::string("Basic ").append(bay::sv(refresh.target->api_key));
    form_ = "scope=" + bay::percent_encoded(scope_of(bay::sv(refresh.target->params), settings_));
    other_url_ = other_auth_url(bay::sv(refresh.target->base_url));
    return fetch(call(1, settings_.auth_url), out);
}

bay_status TokenExchange::on_http_done(const bay_ev_http& done, bay::Out out) {
    // Without a way to GigaChat the operator's own address may stand in for all of it.
    if (done.failure == BAY_FAIL_CONNECT && !other_url_.empty()) {
        return fetch(call(2, std::exchange(other_url_, {})), out);
    }
    if (done.failure != BAY_FAIL_NONE || done.status / 100 != 2) {
        return shared::TokenExchange::on_http_done(done, out);
    }
    const auto token = read_token(bay::sv(done.data), bay::Host::unix_ms());
    return token ? out.shared_put(token->value, token->ttl_ms) : report(token.error(), out);
}

bay::HttpRequest TokenExchange::call(std::uint32_t number, std::string_view url) const {
    bay::HttpRequest made("POST", url);
    made.call(number).header("content-type", "application/x-www-form-urlencoded");
    made.header("accept", "application/json").header("authorization", authorization_);
    made.header("rquid", random_uuid()).body(form_);
    return made;
}

}  // namespace patchbay::gigachat
