// What every request handler of one worker needs.
#pragma once

#include <memory>
#include <random>
#include <set>
#include <span>
#include <string>

#include "engine/exchange/exchange.hpp"
#include "engine/records/log_service.hpp"
#include "engine/records/metrics.hpp"
#include "engine/snapshot.hpp"
#include "gateway/admission.hpp"
#include "gateway/cors.hpp"
#include "gateway/plugin_control.hpp"
#include "gateway/request_log.hpp"

namespace patchbay::gateway {

class RealtimeSession;

/// One per worker; used on its loop only, but for `metrics`, which any worker reads for /metrics.
struct World {
    Loop loop;
    http::Client& client;
    Admission& admission;
    std::shared_ptr<const Snapshot> snapshot;  ///< replaced by a reload; a request keeps a copy
    WorkerMetrics metrics;
    std::span<const WorkerMetrics* const> all_metrics;
    std::mt19937_64 random;
    LogService* logs = nullptr;        ///< nullptr: no log sinks in this process
    std::size_t index = 0;             ///< of the worker
    PluginControl* control = nullptr;  ///< outlives the worker; null = there is none (tests)

    std::set<RealtimeSession*> sessions = {};  ///< realtime sessions under way
    Cors cors = {};
    RequestLines lines = {};  ///< the log's line for each request

    /// Uniform in [0, 1).
    double uniform() { return std::generate_canonical<double, 53>(random); }
    /// A random UUID, version 4 (RFC 9562).
    std::string uuid();
};

}  // namespace patchbay::gateway
