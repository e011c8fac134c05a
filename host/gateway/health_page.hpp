// LiteLLM's endpoint that asks every deployment whether it answers.
#pragma once

#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "contract/error.hpp"
#include "gateway/served.hpp"

namespace patchbay::gateway {

/// GET /health: {"healthy_endpoints", "unhealthy_endpoints", "unchecked_endpoints", "healthy_count",
/// "unhealthy_count"}, by real calls (health_check.hpp); ?model=NAME and ?model_id=ID name whom. 503 if one
/// of these is given and nobody who was asked answers, as LiteLLM has it; 400 if it names nobody.
boost::asio::awaitable<void> serve_health(Served& served);

}  // namespace patchbay::gateway
