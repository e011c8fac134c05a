// Does a deployment answer? It is asked, by a call like any other.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "contract/error.hpp"
#include "engine/call/engine.hpp"
#include "engine/world/deployment.hpp"

namespace patchbay {

/// The one deployment that a check asks, as run_call() is told of it.
struct CheckTarget {
    ModelGroup group;
    std::string model;  ///< asked for in place of the deployment's own; empty: that
};

/// What became of one deployment's check.
struct EndpointHealth {
    const Deployment* deployment;  ///< lives as long as its snapshot
    bool asked = false;  ///< not: it has no model that could be asked for, or the gateway itself
                         ///< refused to ask, which `failed` tells
    std::optional<Error> failed{};
};

/// Asks the deployment (health_question.hpp), whatever its state. That is a real call: its provider charges for it, and
/// it is in records, metrics and the books, the caller's address being `health check`. No guardrail looks at
/// it, and its end says nothing to routing: who asks decides what follows.
///
/// On the engine's loop, whose snapshot must hold the deployment. Throws system_error(operation_aborted) if the
/// awaiting coroutine is cancelled.
boost::asio::awaitable<void> check_health(Engine& engine, EndpointHealth& endpoint);

/// Each of them, `at_once` at a time.
boost::asio::awaitable<void> check_health(Engine& engine, std::vector<EndpointHealth>& endpoints,
                                          std::size_t at_once);

}  // namespace patchbay
