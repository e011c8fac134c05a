// Health checks in the background: one prober for the process asks every deployment again and again, on a thread with an
// event loop of its own, so that no client's call is behind a check.
//
// A deployment is checked as soon as a configuration is in use, and then an interval after the last time, a tenth more
// or less at random, so that gateways that were started together do not ask together. A configuration that is loaded
// again begins anew; what it has no more is forgotten, and what a check of the one before finds is dropped.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "contract/error.hpp"
#include "engine/http/client.hpp"
#include "engine/records/metrics.hpp"
#include "engine/world/snapshot.hpp"

namespace patchbay {

class LedgerRing;
class LogService;

/// What is known of one deployment by its checks.
struct Checked {
    bool asked = false;  ///< the last time; not: the gateway itself refused, which `failed` tells
    std::optional<Error> failed{};
    std::chrono::steady_clock::time_point at{};  ///< when the last one ended
    std::uint64_t passed = 0, failures = 0;
};

struct ProberOptions {
    http::ClientOptions client{};
    LedgerRing* ledger = nullptr;  ///< of its own; nullptr: no books are kept
    LogService* logs = nullptr;    ///< nullptr: there are no log sinks
    std::size_t index = 0;         ///< of its journal there, after those of the workers
};

/// Controlled from one thread; find() and metrics() from any.
class HealthProber {
  public:
    /// Asks nothing before use().
    explicit HealthProber(ProberOptions options);
    ~HealthProber();
    HealthProber(const HealthProber&) = delete;
    HealthProber& operator=(const HealthProber&) = delete;

    /// Checks what this configuration wants checked, from now on.
    void use(std::shared_ptr<const Snapshot> snapshot);
    /// Cuts off what is under way and ends the thread. Before the logs and the books stop.
    void stop();

    /// nullopt: the deployment of this id was not checked yet, or is not to be.
    std::optional<Checked> find(std::string_view id) const;
    /// Of the checks, which are calls like others.
    const WorkerMetrics& metrics() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace patchbay
