// What every request handler of one worker needs.
#pragma once

#include <optional>
#include <set>
#include <span>

#include "engine/access/loop_keys.hpp"
#include "engine/access/loop_parties.hpp"
#include "engine/call/engine.hpp"
#include "gateway/admission.hpp"
#include "gateway/cors.hpp"
#include "gateway/forward.hpp"
#include "gateway/plugin_control.hpp"
#include "gateway/request_log.hpp"

namespace patchbay {

class HealthProber;
class LedgerService;
class StateSync;

}  // namespace patchbay

namespace patchbay::gateway {

class SocketAnswer;

/// One per worker; used on its loop only, but for the metrics, which any worker reads for /metrics.
struct ServerContext {
    Engine engine;
    Admission& admission;
    std::span<const WorkerMetrics* const> all_metrics{};
    const LedgerService* ledger = nullptr;   ///< outlives the worker; null = no books are kept
    const HealthProber* health = nullptr;    ///< outlives the worker; null = nothing is checked
    const StateSync* shared = nullptr;       ///< outlives the worker; null = no state is shared
    PluginControl* control = nullptr;        ///< outlives the worker; null = there is none (tests)
    ControlPlane plane{};                    ///< where management requests go
    std::optional<access::LoopKeys> keys{};  ///< nullopt: there are no virtual keys
    std::optional<access::LoopParties> parties{};  ///< nullopt: there are no customers and tags
    std::set<SocketAnswer*> sessions{};            ///< realtime sessions under way
    Cors cors{};
    RequestLines lines{};  ///< the log's line for each request

    const Snapshot& snapshot() const { return *engine.snapshot; }
};

}  // namespace patchbay::gateway
