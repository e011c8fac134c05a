// SPDX-License-Identifier: Apache-2.0
#include "authorized.hpp"

#include <patchbay/sdk.hpp>

#include "chat/headers.hpp"

namespace patchbay::vertex_ai {

google::Result<void> Authorized::settle(const bay_ev_request& request) {
    auto deployment = Deployment::of(*request.target, shared_);
    if (!deployment) return deployment.error();
    deployment_ = std::move(*deployment);
    for (std::uint64_t i = 0; i < request.header_count; ++i) {
        client_headers_.emplace_back(bay::sv(request.headers[i].name),
                                     bay::sv(request.headers[i].value));
    }
    return {};
}

void Authorized::charge_project() {
    if (deployment_->access().header() != "authorization") return;
    client_headers_.emplace_back("x-goog-user-project", deployment_->project());
}

bay_status Authorized::start(bay::Out out) {
    return deployment_->access().ready() ? call(out) : deployment_->access().ask(out);
}

bay_status Authorized::on_shared(const bay_ev_shared& shared, bay::Out out) {
    if (shared.status != BAY_OK) return out.fail(bay::error_of(shared));
    deployment_->access().take(shared);
    return call(out);
}

bay_status Authorized::call(bay::Out out) {
    bay::HttpRequest http("POST", url());
    http.call(++calls_);
    std::vector<bay_kv> headers;
    for (const auto& [name, value] : client_headers_) {
        headers.push_back({bay::str(name), bay::str(value)});
    }
    const auto& access = deployment_->access();
    shared::add_headers(access.header(), access.value(), deployment_->settings(), headers.data(),
                        headers.size(), http);
    return send(http, out);
}

bay_status Authorized::on_http_done(const bay_ev_http& done, bay::Out out) {
    const int status = done.failure == BAY_FAIL_NONE ? done.status : 0;
    if (deployment_->access().renews(status, out)) return BAY_OK;
    return ended(done, out);
}

}  // namespace patchbay::vertex_ai
