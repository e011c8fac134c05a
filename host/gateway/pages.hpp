// The small answers: health, metrics, the front page.
#pragma once

#include <string>

#include "gateway/server_context.hpp"

namespace patchbay::gateway {

struct Page {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
};

Page front_page();
Page liveness_page();
/// 503 while the process drains.
Page readiness_page(const ServerContext& server);
/// Requests in flight, of them those that wait for a deployment, and how many were shed; LiteLLM's names.
Page backlog_page(const ServerContext& server);
/// Whether gateways share their health checks: no.
Page shared_health_page();
Page metrics_page(const ServerContext& server);

}  // namespace patchbay::gateway
