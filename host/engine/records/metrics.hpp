// What /metrics tells about calls, in LiteLLM's metric names where it has one.
//
// Each worker counts for itself, under a lock that only a scrape ever contends for; a scrape adds
// the workers up. Label values come from the configuration (groups, deployments), never from a
// client, so the number of series is bounded.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "contract/shape/usage.hpp"
#include "engine/plugins/instance.hpp"
#include "engine/records/sink_stats.hpp"

namespace patchbay {

/// What the response cache was for a request.
enum class CacheUse : std::uint8_t {
    none,  ///< it was not asked
    miss,
    hit,
};

/// A finished request, as the counters see it.
struct CallOutcome {
    std::string_view route;       ///< "/chat/completions"
    std::string_view group;       ///< model group; empty if the model is unknown
    std::string_view deployment;  ///< deployment id; empty if none was reached
    std::string_view model;       ///< the deployment's configured model
    std::string_view exception;   ///< LiteLLM's exception class; empty = success
    int status = 200;
    Usage usage;
    std::int64_t charge = 0;  ///< nano-dollars
    bool unpriced = false;    ///< something used has no price
    CacheUse cache = CacheUse::none;
    std::int64_t saved = 0;  ///< nano-dollars that the answer cost when it was made, on a hit
    std::chrono::nanoseconds total{0};
    std::chrono::nanoseconds first_token{0};  ///< streams only; 0 = none
    std::chrono::nanoseconds upstream{0};     ///< waiting for the provider
};

/// Upper bounds in seconds; LiteLLM's latency buckets since 1.83.7 are fewer than its old 35.
inline constexpr std::array kLatencyBuckets{0.005, 0.01, 0.025, 0.05, 0.1,   0.25,
                                            0.5,   1.0,  2.0,   3.0,  5.0,   7.5,
                                            10.0,  15.0, 30.0,  60.0, 120.0, 300.0};

struct LatencyHistogram {
    std::array<std::uint64_t, kLatencyBuckets.size() + 1> counts{};
    double sum = 0;
    void observe(std::chrono::nanoseconds value);
    void add(const LatencyHistogram& other);
};

/// How a worker keeps to its bounds (LoopBounds). Written on its loop, read by any thread.
struct LoopLoad {
    std::atomic<bool> bounded{false};         ///< since some request
    std::atomic<std::int64_t> admitted{0};    ///< now
    std::atomic<std::int64_t> queued{0};      ///< now
    std::atomic<std::uint64_t> full{0};       ///< refused: as many waited as may
    std::atomic<std::uint64_t> timed_out{0};  ///< refused: their turn did not come in time
};

/// The counters of one worker. record() on its thread; the others from any.
class WorkerMetrics {
  public:
    struct Key {
        std::string route, group, deployment, model, exception;
        int status = 0;
        auto operator<=>(const Key&) const = default;
    };
    struct Series {
        std::uint64_t requests = 0;
        std::uint64_t prompt_tokens = 0, completion_tokens = 0, total_tokens = 0;
        std::uint64_t cached_tokens = 0;
        std::int64_t spend = 0;  ///< nano-dollars
        std::uint64_t unpriced = 0;
        std::uint64_t cache_hits = 0, cache_misses = 0;
        std::int64_t cache_saved = 0;  ///< nano-dollars
        LatencyHistogram total, first_token, upstream;
        void add(const Series& other);
        void add_used(const CallOutcome& outcome);
    };

    /// What a guardrail did for one call at one stage.
    struct GuardrailKey {
        std::string guardrail_name, hook_type, status;
        auto operator<=>(const GuardrailKey&) const = default;
    };
    struct GuardrailSeries {
        std::uint64_t requests = 0;
        LatencyHistogram latency;
    };

    void record(const CallOutcome& outcome);
    /// Counts what an attempt used that was not its call's last one: of `attempt` the names and the
    /// usage.
    void record_tokens(const CallOutcome& attempt);
    /// A copy of a call was wanted for a `silent_model`, and `made` or found no room.
    void count_mirror(bool made) {
        (made ? mirrors_made_ : mirrors_dropped_).fetch_add(1, std::memory_order_relaxed);
    }
    std::uint64_t mirrors_made() const { return mirrors_made_.load(std::memory_order_relaxed); }
    std::uint64_t mirrors_dropped() const {
        return mirrors_dropped_.load(std::memory_order_relaxed);
    }
    void record_guardrail(const GuardrailKey& key, std::chrono::nanoseconds duration);
    void add_to(std::map<GuardrailKey, GuardrailSeries>& sum) const;
    /// Connections to providers that this worker has open.
    void set_upstream_connections(std::size_t n) {
        upstream_connections_.store(n, std::memory_order_relaxed);
    }
    std::size_t upstream_connections() const {
        return upstream_connections_.load(std::memory_order_relaxed);
    }
    void add_to(std::map<Key, Series>& sum) const;
    LoopLoad load;

  private:
    mutable std::mutex mutex_;
    std::map<Key, Series> series_;
    std::map<GuardrailKey, GuardrailSeries> guardrails_;
    std::atomic<std::size_t> upstream_connections_{0};
    std::atomic<std::uint64_t> mirrors_made_{0};
    std::atomic<std::uint64_t> mirrors_dropped_{0};
    std::pair<const Key, Series>* last_ = nullptr;  // most calls are like the one before
};

/// How a deployment is doing. Names as configured.
struct DeploymentNow {
    std::string id;
    std::string model;
    std::string api_base;
    std::string provider;
    int state = 0;  ///< LiteLLM's: 0 = takes calls, 1 = is being probed, 2 = rests
    std::int64_t in_flight = 0;
    std::uint64_t rests = 0;  ///< how often it was sent to rest
    /// What this minute has used, of all gateways that share it.
    std::uint64_t minute_requests = 0, minute_tokens = 0;
    /// The same as itpm and otpm count; nullopt: it has no such limit.
    std::optional<std::uint64_t> minute_input{}, minute_output{};
    /// Its checks in the background.
    struct Health {
        bool good = true;  ///< the last one
        double age_s = 0;  ///< of the last one
        std::uint64_t passed = 0, failed = 0;
    };
    std::optional<Health> health{};  ///< nullopt: it was not checked
    /// What p2c-ewma and prefix-affinity choose by, and hedging.
    struct Learned {
        std::int64_t tokens = 0;  ///< under way
        double slowness = 0;      ///< first tokens by the group's mean; 1 = as it
        double failing = 0;       ///< share of the attempts
        std::uint64_t seconds_begun = 0, seconds_won = 0;
    };
    std::optional<Learned> learned{};  ///< nullopt: nothing was
};

/// Who waits for a deployment of a model group. Names as configured.
struct QueueNow {
    std::string group;
    std::uint64_t waiting = 0;
    std::uint64_t bytes = 0;                                         ///< of their requests
    std::uint64_t served = 0;                                        ///< that had waited
    double waited_s = 0;                                             ///< all of those together
    std::vector<std::pair<std::string_view, std::uint64_t>> shed{};  ///< by reason
};

/// A model's capacity, or what a priority has of it.
struct CapacityNow {
    std::string model;
    std::string priority;  ///< "default": of keys without one; empty: the model's
    std::optional<double> requests{}, tokens{};  ///< of this minute, by the limit; nullopt: none
    std::uint64_t refused = 0;                   ///< calls
};

/// What gateways share of their deployments' state.
struct SharedFigures {
    bool connected = false;
    std::uint64_t faults = 0;       ///< times that the server could not be used
    std::uint64_t rests_told = 0;   ///< of this gateway's deployments
    std::uint64_t rests_heard = 0;  ///< of other gateways'

    /// What they share of limits and budgets.
    struct Leases {
        std::uint64_t held = 0;      ///< windows that a share is held of
        std::uint64_t nodes = 0;     ///< gateways, this one too; 0: the server was never heard
        std::uint64_t asked = 0;     ///< times that a share was asked for or given back
        std::uint64_t refilled = 0;  ///< of these, those that made it larger
        std::uint64_t lost = 0;      ///< of these, those without an answer
        std::uint64_t waited = 0;    ///< lookups that went on without a first share
        std::uint64_t wanted =
            0;                ///< looks that found calls refused, or made to take turns, by a share
        double oldest_s = 0;  ///< how long ago that of the oldest answer was granted
    };
    Leases leases;
};

/// How the response cache fares.
struct CacheFigures {
    std::uint64_t bytes = 0;    ///< of what is kept in memory
    std::uint64_t entries = 0;  ///< likewise
    std::uint64_t faults = 0;   ///< times that the store behind it could not be used
};

/// How the books fare.
struct LedgerFigures {
    std::uint64_t posted = 0;    ///< entries
    std::uint64_t failures = 0;  ///< of the store, when entries were to be posted
    std::uint64_t lost = 0;      ///< entries that found no room; never, unless a bound is wrong
    std::uint64_t waiting = 0;   ///< entries of the batch that is to be posted
    bool operator==(const LedgerFigures&) const = default;
};

/// Figures that are read at the time of the scrape.
struct MetricsNow {
    std::int64_t in_flight = 0;
    std::int64_t client_connections = 0;
    std::uint64_t snapshot_generation = 0;
    std::vector<std::shared_ptr<const ComponentStats>> plugins;  ///< of all generations alive
    std::map<std::string, std::uint64_t> plugin_generations;     ///< that serve, by plugin id
    std::map<std::string, std::uint64_t> reload_failures;        ///< by plugin id or file name
    std::vector<DeploymentNow> deployments;                      ///< each id once
    std::vector<QueueNow> queues;  ///< of groups in which somebody has waited
    std::vector<CapacityNow> capacities;
    std::vector<std::shared_ptr<const SinkStats>> log_sinks;
    std::vector<std::string> left_out_sinks;  ///< named by the configuration, but not there
    std::uint64_t log_calls_dropped = 0;      ///< finished calls that found no room in a journal
    std::optional<LedgerFigures> ledger;      ///< nullopt: no books are kept
    std::optional<CacheFigures> cache;        ///< nullopt: there is none
    std::optional<SharedFigures> shared;      ///< nullopt: nothing is shared
    std::uint64_t log_texts_unread = 0;       ///< texts that records lack
};

/// The Prometheus text format (version 0.0.4).
std::string metrics_text(std::span<const WorkerMetrics* const> workers, const MetricsNow& now);

}  // namespace patchbay
