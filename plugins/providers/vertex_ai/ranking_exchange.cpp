// SPDX-License-Identifier: Apache-2.0
#include "ranking_exchange.hpp"

#include <patchbay/sdk.hpp>
#include <utility>

namespace patchbay::vertex_ai {

namespace {

// Rankings are made in no other location than this one, whose default configuration is the only one.
constexpr std::string_view kHost = "https://discoveryengine.googleapis.com";
constexpr std::string_view kConfiguration =
    "/locations/global/rankingConfigs/default_ranking_config:rank";

}  // namespace

bay_status RankingExchange::on_request(const bay_ev_request& request, bay::Out out) {
    if (auto settled = settle(request); !settled) return google::report(settled.error(), out);
    auto call = ranking_request(bay::sv(request.json), deployment().model());
    if (!call) return google::report(call.error(), out);
    call_ = std::move(*call);
    call_.dropped.tell(out);
    body_ = std::move(call_.body);
    std::string path("/v1/projects/");
    path.append(bay::percent_encoded(deployment().project())).append(kConfiguration);
    address_ = deployment().service_url(kHost, path);
    charge_project();
    return start(out);
}

bay_status RankingExchange::tell(std::string_view answer, bay::Out out) {
    const auto ranked = ranking_answer(answer, call_, request_id_);
    if (!ranked) return tell_failure(ranked.error(), out);
    return out.result(*ranked);
}

}  // namespace patchbay::vertex_ai
