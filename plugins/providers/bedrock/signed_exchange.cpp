// SPDX-License-Identifier: Apache-2.0
#include "signed_exchange.hpp"

#include <patchbay/sdk.hpp>

#include "chat/headers.hpp"

namespace patchbay::bedrock {

namespace {

constexpr std::string_view kAuthorization = "authorization";
constexpr std::string_view kJson = "application/json";

}  // namespace

Result<void> SignedExchange::settle(const bay_ev_request& request) {
    auto deployment = Deployment::of(*request.target, shared_);
    if (!deployment) return deployment.error();
    deployment_ = std::move(*deployment);
    for (std::uint64_t i = 0; i < request.header_count; ++i) {
        client_headers_.emplace_back(bay::sv(request.headers[i].name),
                                     bay::sv(request.headers[i].value));
    }
    return {};
}

bay_status SignedExchange::start(std::string_view operation, std::string body, bool streamed,
                                 bay::Out out) {
    body_ = std::move(body);
    if (deployment_->access().signs()) digest_ = shared_.crypto->sha256(body_);
    return begin(operation, streamed, out);
}

bay::Splice& SignedExchange::clients_body(const bay_ev_request& request) {
    // The model stands in the address; the host has put it into the body as well.
    clients_body_.emplace(request);
    clients_body_->drop("model");
    return *clients_body_;
}

bay_status SignedExchange::start(std::string_view operation, bool streamed, bay::Out out) {
    segments_ = clients_body_->segments();
    // A plugin with a process of its own hashes what it was shown.
    if (deployment_->access().signs() &&
        shared_.crypto->sha256(out, segments_, digest_) != BAY_OK) {
        digest_ = shared_.crypto->sha256(clients_body_->text());
    }
    return begin(operation, streamed, out);
}

RequestOptions SignedExchange::options_of(const bay_ev_request& request) const {
    RequestOptions options;
    options.model = &deployment_->model();
    options.asked = bay::sv(request.target->model);
    options.drop_params = (request.flags & BAY_REQ_DROP_PARAMS) != 0;
    options.allowed_params = bay::sv(request.allowed_params);
    options.hint_params = bay::sv(request.hint_params);
    options.cache_points = find_array(deployment_->settings(), "cache_control_injection_points");
    return options;
}

bay_status SignedExchange::begin(std::string_view operation, bool streamed, bay::Out out) {
    operation_ = operation;
    streamed_ = streamed;
    return deployment_->access().ready() ? call(out) : deployment_->access().ask(out);
}

bay_status SignedExchange::on_shared(const bay_ev_shared& shared, bay::Out out) {
    if (shared.status != BAY_OK) return out.fail(bay::error_of(shared));
    if (auto taken = deployment_->access().take(shared); !taken) return report(taken.error(), out);
    return call(out);
}

bay_status SignedExchange::call(bay::Out out) {
    const std::string address = url(operation_);
    bay::HttpRequest http("POST", address);
    http.call(++calls_).header("content-type", kJson);
    bay::AwsRequest request{"POST", address, {{"content-type", kJson}}, digest_};
    for (const auto& [name, value] : own_headers_) {
        http.header(name, value);
        request.headers.emplace_back(name, value);
    }
    const auto& access = deployment_->access();
    std::string authorization;
    for (auto& [name, value] : access.headers(*shared_.crypto, {deployment_->region(), "bedrock"},
                                              bay::Host::unix_ms(), request)) {
        if (name == kAuthorization) {
            authorization = std::move(value);
        } else {
            http.header(name, value);
        }
    }
    std::vector<bay_kv> headers;
    for (const auto& [name, value] : client_headers_) {
        headers.push_back({bay::str(name), bay::str(value)});
    }
    shared::add_headers(kAuthorization, authorization, deployment_->settings(), headers.data(),
                        headers.size(), http);
    http.flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE);
    http.decode(streamed_ ? BAY_DECODE_AWS_EVENTSTREAM : BAY_DECODE_BUFFER);
    clients_body_ ? http.body(segments_) : http.body_view(body_);
    return http.send(out);
}

bay_status SignedExchange::on_http_done(const bay_ev_http& done, bay::Out out) {
    return deployment_->access().renews(done, out) ? bay_status{BAY_OK} : ended(done, out);
}

}  // namespace patchbay::bedrock
