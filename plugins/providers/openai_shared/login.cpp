#include "login.hpp"

#include <patchbay/sdk.hpp>

#include <boost/json.hpp>

#include "chat/base64.hpp"
#include "json/access.hpp"
#include "patchbay/sdk/percent.hpp"
#include "upstream.hpp"

namespace patchbay::openai {

Client client_of(const Dialect& dialect, std::string_view params) {
    return {filled("{client_id}", dialect, nullptr, {}, params),
            filled("{client_secret}", dialect, nullptr, {}, params)};
}

std::string login_url(const Dialect& dialect, std::string_view address) {
    const std::string& beside = dialect.login->beside;
    const auto at = beside.empty() ? std::string_view::npos : address.rfind(beside);
    const std::string_view base =
        at == std::string_view::npos ? origin_of(address) : address.substr(0, at);
    return std::string(base).append(dialect.login->path);
}

Written<Visit> LoginSite::visit(const bay_ev_request& request, std::string_view operation) const {
    Visit made;
    made.address = address_of(request, dialect_, dialect_.find(operation));
    const std::string_view key = bay::sv(request.target->api_key);
    const Client client = client_of(dialect_, bay::sv(request.target->params));
    if (!key.empty()) {
        made.access =
            shared::Access::by_header("authorization", std::string("Bearer ").append(key));
    } else if (client.exists()) {
        const std::string all = shared::to_text(shared::json::array{
            login_url(dialect_, made.address), dialect_.login->scope, client.id, client.secret});
        made.access =
            shared::Access::by_token("login:" + bay::hex(bay::bytes_of(crypto_->sha256(all))));
    }
    return made;
}

bay_status LoginExchange::on_refresh(const bay_ev_refresh& refresh, bay::Out out) {
    if (!refresh.target) return out.fail(BAY_ERR_AUTH, "nobody says whose token is wanted");
    const Client client = client_of(dialect_, bay::sv(refresh.target->params));
    std::string_view address = bay::sv(refresh.target->base_url);
    if (address.empty()) address = dialect_.base_url;
    bay::HttpRequest call("POST", login_url(dialect_, address));
    call.header("content-type", "application/x-www-form-urlencoded");
    call.header("accept", "application/json");
    call.header("authorization", "Basic " + shared::encode_base64(client.id + ":" + client.secret));
    std::string form("grant_type=client_credentials");
    if (!dialect_.login->scope.empty()) {
        form.append("&scope=").append(bay::percent_encoded(dialect_.login->scope));
    }
    return fetch(std::move(call.body(form)), out);
}

}  // namespace patchbay::openai
