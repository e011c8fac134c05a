// LiteLLM's endpoint that tells whether deployments answer.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "gateway/served.hpp"

namespace patchbay::gateway {

/// GET /health: {"healthy_endpoints", "unhealthy_endpoints", "unchecked_endpoints", "healthy_count",
/// "unhealthy_count"}; ?model=NAME and ?model_id=ID name whom. With `background_health_checks` nobody is asked: the last
/// results are told, with their age in `checked_seconds_ago`. Else each is asked by a real call (health_check.hpp). 503 if
/// somebody is named and nobody of those answers, as LiteLLM has it; 400 if nobody is called so.
boost::asio::awaitable<void> serve_health(Served& served);

}  // namespace patchbay::gateway
