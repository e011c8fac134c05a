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
Page metrics_page(const ServerContext& server);

}  // namespace patchbay::gateway
