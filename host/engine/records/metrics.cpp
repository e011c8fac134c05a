#include "engine/records/metrics.hpp"

#include <algorithm>

#include <prometheus/text_serializer.h>

#include "engine/records/metric_family.hpp"
#include "engine/records/queue_families.hpp"

namespace patchbay {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

using Labels = std::vector<ClientMetric::Label>;

constexpr FamilyRow<ComponentStats> kComponentRows[] = {
    {"patchbay_plugin_calls_total", "Exchanges opened.", MetricType::Counter,
     [](const ComponentStats& p) { return number(p.calls.load()); }},
    {"patchbay_plugin_busy_seconds_total", "Time spent inside the plugin.", MetricType::Counter,
     [](const ComponentStats& p) { return static_cast<double>(p.busy_ns.load()) / 1e9; }},
    {"patchbay_plugin_faults_total", "Breaches of the plugin contract.", MetricType::Counter,
     [](const ComponentStats& p) { return number(p.faults.load()); }},
    {"patchbay_plugin_in_flight", "Exchanges open now.", MetricType::Gauge,
     [](const ComponentStats& p) { return static_cast<double>(p.in_flight.load()); }},
    {"patchbay_plugin_slow_feeds_total", "Events a plugin took more than a millisecond for.",
     MetricType::Counter, [](const ComponentStats& p) { return number(p.slow_feeds.load()); }},
    {"patchbay_plugin_egress_denied_total", "Calls refused because their origin is not allowed.",
     MetricType::Counter, [](const ComponentStats& p) { return number(p.denied.load()); }},
    {"patchbay_plugin_breaker_state", "0 in routing, 1 resting after faults, 2 being tried again.",
     MetricType::Gauge,
     [](const ComponentStats& p) { return static_cast<double>(p.breaker.state()); }},
    {"patchbay_plugin_breaker_opened_total", "Times a component was taken out of routing.",
     MetricType::Counter, [](const ComponentStats& p) { return number(p.breaker.opened()); }},
};

void add_plugin_families(std::vector<MetricFamily>& out, const MetricsNow& now) {
    add_families(
        out, kComponentRows, now.plugins,
        [](const auto& p) {
            return Labels{{"plugin", p->plugin},
                          {"component", p->component},
                          {"generation", std::to_string(p->generation)}};
        },
        [](const auto& p) -> const ComponentStats& { return *p; });
    out.push_back(family("patchbay_plugin_generation", "The generation that serves new calls.",
                         MetricType::Gauge));
    for (const auto& [plugin, count] : now.plugin_generations) {
        add_value(out.back(), {{"plugin", plugin}}, static_cast<double>(count));
    }
    out.push_back(family("patchbay_plugin_reload_failures_total",
                         "Plugin files that could not be taken in.", MetricType::Counter));
    for (const auto& [plugin, count] : now.reload_failures) {
        add_value(out.back(), {{"plugin", plugin}}, static_cast<double>(count));
    }
}

constexpr FamilyRow<SinkStats> kSinkRows[] = {
    {"litellm_callback_logging_failures_metric_total",
     "Deliveries to a log sink that did not work.", MetricType::Counter,
     [](const SinkStats& sink) { return number(sink.failures.load()); }},
    {"patchbay_log_records_delivered_total", "Log records that a sink has taken.",
     MetricType::Counter, [](const SinkStats& sink) { return number(sink.delivered.load()); }},
    {"patchbay_log_records_dropped_total", "Log records that a sink will not get.",
     MetricType::Counter, [](const SinkStats& sink) { return number(sink.dropped.load()); }},
    {"patchbay_log_records_pending", "Log records that wait on disk.", MetricType::Gauge,
     [](const SinkStats& sink) { return number(sink.pending.load()); }},
    {"patchbay_log_spool_bytes", "Size of a sink's spool.", MetricType::Gauge,
     [](const SinkStats& sink) { return number(sink.spooled_bytes.load()); }},
};

// What is told of all sinks together, where there are any.
constexpr FamilyRow<MetricsNow> kLogRows[] = {
    {"patchbay_log_calls_dropped_total",
     "Finished calls that no sink gets: the log thread was too far behind.", MetricType::Counter,
     [](const MetricsNow& now) { return number(now.log_calls_dropped); }},
    {"patchbay_log_texts_unread_total",
     "Requests and answers that records lack: they could not be read.", MetricType::Counter,
     [](const MetricsNow& now) { return number(now.log_texts_unread); }},
};

void add_log_families(std::vector<MetricFamily>& out, const MetricsNow& now) {
    add_families(
        out, kSinkRows, now.log_sinks,
        [](const auto& sink) {
            return Labels{{"callback_name", sink->callback_name}};
        },
        [](const auto& sink) -> const SinkStats& { return *sink; });
    if (!now.log_sinks.empty()) add_families(out, kLogRows, now);
    out.push_back(family("patchbay_log_sinks_left_out",
                         "1 for a sink that the configuration names and that gets no records.",
                         MetricType::Gauge));
    for (const std::string& name : now.left_out_sinks) {
        add_value(out.back(), {{"callback_name", name}}, 1);
    }
}

// LiteLLM's; of who has such bounds.
void add_loop_families(std::vector<MetricFamily>& out,
                       std::span<const WorkerMetrics* const> workers) {
    constexpr auto kRelaxed = std::memory_order_relaxed;
    bool bounded = false;
    double admitted = 0;
    double queued = 0;
    double full = 0;
    double timed_out = 0;
    for (const WorkerMetrics* worker : workers) {
        const LoopLoad& load = worker->load;
        bounded = bounded || load.bounded.load(kRelaxed);
        admitted += static_cast<double>(load.admitted.load(kRelaxed));
        queued += static_cast<double>(load.queued.load(kRelaxed));
        full += static_cast<double>(load.full.load(kRelaxed));
        timed_out += static_cast<double>(load.timed_out.load(kRelaxed));
    }
    if (!bounded) return;
    MetricFamily now = family("litellm_admission_admitted_requests",
                              "Requests that event loops serve now.", MetricType::Gauge);
    MetricFamily waiting = family("litellm_admission_queued_requests",
                                  "Requests that wait for their event loop.", MetricType::Gauge);
    MetricFamily refused =
        family("litellm_admission_rejected_requests_total",
               "Requests that found no place on their event loop.", MetricType::Counter);
    add_value(now, {}, admitted);
    add_value(waiting, {}, queued);
    add_value(refused, {{"reason", "queue_full"}}, full);
    add_value(refused, {{"reason", "queue_timeout"}}, timed_out);
    for (MetricFamily* f : {&now, &waiting, &refused}) out.push_back(std::move(*f));
}

// Of the process.
struct ProcessNow {
    const MetricsNow& now;
    std::size_t upstream_connections;
};
constexpr FamilyRow<ProcessNow> kProcessRows[] = {
    {"litellm_in_flight_requests", "Requests being served now.", MetricType::Gauge,
     [](const ProcessNow& p) { return static_cast<double>(p.now.in_flight); }},
    {"patchbay_client_connections", "Open client connections.", MetricType::Gauge,
     [](const ProcessNow& p) { return static_cast<double>(p.now.client_connections); }},
    {"patchbay_upstream_connections", "Open connections to providers.", MetricType::Gauge,
     [](const ProcessNow& p) { return number(p.upstream_connections); }},
    {"patchbay_snapshot_generation", "How often the configuration was loaded.", MetricType::Gauge,
     [](const ProcessNow& p) { return number(p.now.snapshot_generation); }},
};

void add_process_families(std::vector<MetricFamily>& out,
                          std::span<const WorkerMetrics* const> workers, const MetricsNow& now) {
    ProcessNow process{now, 0};
    for (const WorkerMetrics* w : workers)
        process.upstream_connections += w->upstream_connections();
    add_families(out, kProcessRows, process);
}

}  // namespace

std::string metrics_text(std::span<const WorkerMetrics* const> workers, const MetricsNow& now) {
    std::vector<MetricFamily> families;
    add_call_families(families, workers);
    add_plugin_families(families, now);
    add_deployment_families(families, now);
    add_guardrail_families(families, workers);
    add_log_families(families, now);
    add_cache_families(families, now);
    add_ledger_families(families, now);
    add_queue_families(families, workers, now);
    add_capacity_families(families, now);
    add_loop_families(families, workers);
    add_shared_families(families, now);
    add_process_families(families, workers, now);
    std::erase_if(families, [](const MetricFamily& f) { return f.metric.empty(); });
    return prometheus::TextSerializer().Serialize(families);
}

}  // namespace patchbay
