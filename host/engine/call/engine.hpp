// What every call of one event loop needs.
#pragma once

#include <memory>
#include <random>
#include <string>

#include "engine/exchange/exchange.hpp"
#include "engine/kept/kept_responses.hpp"
#include "engine/records/log_service.hpp"
#include "engine/records/metrics.hpp"
#include "engine/world/snapshot.hpp"

namespace patchbay {

namespace access {
class PartyFinder;
}

class AlertService;
class LedgerRing;
class ResponseCache;

/// One per loop; used on its thread only, but for `metrics`, which any thread may read. Outlives
/// the calls.
struct Engine {
    Loop loop;
    http::Client& client;
    std::shared_ptr<const Snapshot> snapshot{};  ///< replaced by a reload; a call keeps its own
    std::mt19937_64 random{};
    WorkerMetrics metrics{};
    LedgerRing* ledger = nullptr;            ///< of this loop; nullptr: no books are kept
    access::PartyFinder* parties = nullptr;  ///< nullptr: nobody knows of customers and tags
    AlertService* alerts = nullptr;          ///< nullptr: nobody is told of budgets
    LogService* logs = nullptr;              ///< nullptr: there are no log sinks in this process
    KeptResponses* kept = nullptr;           ///< nullptr: nothing is kept for clients
    ResponseCache* cache = nullptr;          ///< nullptr: answers are not kept for other calls
    std::uint64_t linked_bytes = 0;  ///< of files that were fetched for requests (LinkBudget)
    std::size_t index = 0;           ///< of the loop among those of the process; for `logs`
    /// The calls are the program's own (the client library): answers keep the provider's name of
    /// the model, as LiteLLM's SDK has it, where a gateway's clients see the name they asked for.
    bool own_calls = false;
    /// The model groups were made for these calls, and errors need not name them.
    bool ad_hoc = false;

    /// Uniform in [0, 1).
    double uniform() { return std::generate_canonical<double, 53>(random); }
    /// A random UUID, version 4 (RFC 9562).
    std::string uuid();
    ExchangeContext context() { return {loop, client}; }
};

/// A generator that nobody can foretell.
std::mt19937_64 seeded_random();

}  // namespace patchbay
