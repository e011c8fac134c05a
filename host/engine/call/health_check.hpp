// Does a deployment answer? It is asked, by a call like any other.
#pragma once

#include <optional>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "contract/error.hpp"
#include "engine/call/engine.hpp"
#include "engine/world/deployment.hpp"

namespace patchbay {

/// What became of one deployment's check.
struct EndpointHealth {
    const Deployment* deployment;  ///< lives as long as its snapshot
    bool asked = false;  ///< not: it has no model of its own ('*'), or one that nobody asks cheaply
    std::optional<Error> failed{};
};

/// Asks each of the deployments by its id, whatever its state: once, without a fallback and past the
/// response cache, for the shortest answer that its mode gives, within `model_info.health_check_timeout`
/// (60 s). At most eight are under way at a time. These are real calls: providers charge for them, and
/// they are in records, metrics and the books, the caller's address being `health check`. A failure
/// counts for the deployment like that of any other call.
///
/// On the engine's loop. Throws system_error(operation_aborted) if the awaiting coroutine is cancelled.
boost::asio::awaitable<void> check_health(Engine& engine, std::vector<EndpointHealth>& endpoints);

}  // namespace patchbay
