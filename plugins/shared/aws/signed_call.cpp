// SPDX-License-Identifier: Apache-2.0
#include "signed_call.hpp"

#include <patchbay/sdk.hpp>

#include "chat/headers.hpp"

namespace patchbay::aws {

namespace {

constexpr std::string_view kAuthorization = "authorization";
constexpr std::string_view kJson = "application/json";

}  // namespace

void SignedCall::settle(const bay_ev_request& request, json::object settings, std::string region,
                        Access access) {
    settings_ = std::move(settings);
    region_ = std::move(region);
    access_ = std::move(access);
    for (std::uint64_t i = 0; i < request.header_count; ++i) {
        client_headers_.emplace_back(bay::sv(request.headers[i].name),
                                     bay::sv(request.headers[i].value));
    }
}

bay_status SignedCall::start(std::string url, std::string body, std::uint32_t decode,
                             bay::Out out) {
    body_ = std::move(body);
    if (access_.signs()) digest_ = crypto_.sha256(body_);
    return begin(std::move(url), decode, out);
}

bay_status SignedCall::start(std::string url, bay::Splice& body, std::uint32_t decode,
                             bay::Out out) {
    segments_ = body.segments();
    // A plugin with a process of its own hashes what it was shown.
    if (access_.signs() && crypto_.sha256(out, segments_, digest_) != BAY_OK) {
        digest_ = crypto_.sha256(body.text());
    }
    return begin(std::move(url), decode, out);
}

bay_status SignedCall::begin(std::string url, std::uint32_t decode, bay::Out out) {
    url_ = std::move(url);
    decode_ = decode;
    return access_.ready() ? call(out) : access_.ask(out);
}

bay_status SignedCall::on_shared(const bay_ev_shared& shared, bay::Out out) {
    if (shared.status != BAY_OK) return out.fail(bay::error_of(shared));
    if (auto taken = access_.take(shared); !taken) return report(taken.error(), out);
    return call(out);
}

bay_status SignedCall::call(bay::Out out) {
    bay::HttpRequest http("POST", url_);
    http.call(++calls_).header("content-type", kJson);
    bay::AwsRequest request{"POST", url_, {{"content-type", kJson}}, digest_};
    for (const auto& [name, value] : own_) {
        http.header(name, value);
        request.headers.emplace_back(name, value);
    }
    std::string authorization;
    for (auto& [name, value] :
         access_.headers(crypto_, {region_, service_}, bay::Host::unix_ms(), request)) {
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
    shared::add_headers(kAuthorization, authorization, settings_, headers.data(), headers.size(),
                        http);
    http.flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE).decode(decode_);
    segments_.empty() ? http.body_view(body_) : http.body(segments_);
    return http.send(out);
}

}  // namespace patchbay::aws
