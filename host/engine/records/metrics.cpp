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

void add_histogram(MetricFamily& f, std::vector<ClientMetric::Label> labels,
                   const LatencyHistogram& h) {
    ClientMetric metric;
    metric.label = std::move(labels);
    std::uint64_t cumulative = 0;
    for (std::size_t i = 0; i < h.counts.size(); ++i) {
        cumulative += h.counts[i];
        ClientMetric::Bucket bucket;
        bucket.cumulative_count = cumulative;
        bucket.upper_bound = i < kLatencyBuckets.size() ? kLatencyBuckets[i]
                                                        : std::numeric_limits<double>::infinity();
        metric.histogram.bucket.push_back(bucket);
    }
    if (cumulative == 0) return;
    metric.histogram.sample_count = cumulative;
    metric.histogram.sample_sum = h.sum;
    f.metric.push_back(std::move(metric));
}

std::vector<ClientMetric::Label> model_labels(const WorkerMetrics::Key& key) {
    return {{"requested_model", key.group}, {"model", key.model}, {"model_id", key.deployment}};
}

std::vector<ClientMetric::Label> outcome_labels(const WorkerMetrics::Key& key) {
    auto labels = model_labels(key);
    labels.push_back({"route", key.route});
    labels.push_back({"status_code", std::to_string(key.status)});
    return labels;
}

std::vector<MetricFamily> call_families(
    const std::map<WorkerMetrics::Key, WorkerMetrics::Series>& all) {
    auto requests = family("litellm_proxy_total_requests_metric_total",
                           "Requests that reached a route, by outcome.", MetricType::Counter);
    auto failed = family("litellm_proxy_failed_requests_metric_total",
                         "Requests that were answered with an error.", MetricType::Counter);
    auto input = family("litellm_input_tokens_metric_total", "Input tokens.", MetricType::Counter);
    auto output =
        family("litellm_output_tokens_metric_total", "Output tokens.", MetricType::Counter);
    auto total = family("litellm_total_tokens_metric_total", "Input and output tokens.",
                        MetricType::Counter);
    auto cached = family("litellm_cached_tokens_metric_total",
                         "Input tokens the provider read from its cache.", MetricType::Counter);
    auto spend =
        family("litellm_spend_metric_total", "Dollars that calls cost.", MetricType::Counter);
    auto unpriced =
        family("patchbay_unpriced_attempts_total",
               "Attempts that used something for which there is no price.", MetricType::Counter);
    auto hits = family("litellm_cache_hits_metric_total",
                       "Requests that the response cache answered.", MetricType::Counter);
    auto misses =
        family("litellm_cache_misses_metric_total",
               "Requests whose answer the response cache did not have.", MetricType::Counter);
    auto saved =
        family("patchbay_cache_saved_dollars_total",
               "Dollars that the answers of the response cache had cost.", MetricType::Counter);
    auto latency = family("litellm_request_total_latency_metric",
                          "Seconds from a request's last byte to its answer's last byte.",
                          MetricType::Histogram);
    auto upstream =
        family("litellm_llm_api_latency_metric",
               "Seconds spent on the provider's side of a request.", MetricType::Histogram);
    auto first = family("litellm_llm_api_time_to_first_token_metric",
                        "Seconds to the first event of a streamed answer.", MetricType::Histogram);

    std::map<WorkerMetrics::Key, WorkerMetrics::Series> by_model;
    // One status may have several reasons, which this family does not tell apart.
    std::map<WorkerMetrics::Key, std::uint64_t> by_status;
    for (const auto& [key, series] : all) {
        WorkerMetrics::Key status = key;
        status.exception.clear();
        // What attempts used before a call's last one is a series without requests.
        if (series.requests > 0) by_status[std::move(status)] += series.requests;
        if (!key.exception.empty()) {
            auto labels = outcome_labels(key);
            labels.push_back({"exception_class", key.exception});
            add_value(failed, labels, static_cast<double>(series.requests));
        }
        WorkerMetrics::Key model;
        model.group = key.group;
        model.deployment = key.deployment;
        model.model = key.model;
        if (!key.deployment.empty()) by_model[model].add(series);
    }
    for (const auto& [key, count] : by_status) {
        add_value(requests, outcome_labels(key), static_cast<double>(count));
    }
    for (const auto& [key, series] : by_model) {
        const auto labels = model_labels(key);
        add_value(input, labels, static_cast<double>(series.prompt_tokens));
        add_value(output, labels, static_cast<double>(series.completion_tokens));
        add_value(total, labels, static_cast<double>(series.total_tokens));
        add_value(cached, labels, static_cast<double>(series.cached_tokens));
        add_value(spend, labels, static_cast<double>(series.spend) / 1e9);
        if (series.unpriced > 0) add_value(unpriced, labels, static_cast<double>(series.unpriced));
        if (series.cache_hits + series.cache_misses > 0) {
            add_value(hits, labels, static_cast<double>(series.cache_hits));
            add_value(misses, labels, static_cast<double>(series.cache_misses));
            add_value(saved, labels, static_cast<double>(series.cache_saved) / 1e9);
        }
        add_histogram(latency, labels, series.total);
        add_histogram(upstream, labels, series.upstream);
        add_histogram(first, labels, series.first_token);
    }
    return {requests, failed, input,  output, total,   cached,   spend,
            unpriced, hits,   misses, saved,  latency, upstream, first};
}

std::vector<MetricFamily> plugin_families(const MetricsNow& now) {
    auto calls = family("patchbay_plugin_calls_total", "Exchanges opened.", MetricType::Counter);
    auto busy = family("patchbay_plugin_busy_seconds_total", "Time spent inside the plugin.",
                       MetricType::Counter);
    auto faults = family("patchbay_plugin_faults_total", "Breaches of the plugin contract.",
                         MetricType::Counter);
    auto open = family("patchbay_plugin_in_flight", "Exchanges open now.", MetricType::Gauge);
    auto slow = family("patchbay_plugin_slow_feeds_total",
                       "Events a plugin took more than a millisecond for.", MetricType::Counter);
    auto denied = family("patchbay_plugin_egress_denied_total",
                         "Calls refused because their origin is not allowed.", MetricType::Counter);
    auto breaker =
        family("patchbay_plugin_breaker_state",
               "0 in routing, 1 resting after faults, 2 being tried again.", MetricType::Gauge);
    auto opened = family("patchbay_plugin_breaker_opened_total",
                         "Times a component was taken out of routing.", MetricType::Counter);
    for (const auto& p : now.plugins) {
        const std::vector<ClientMetric::Label> labels{
            {"plugin", p->plugin},
            {"component", p->component},
            {"generation", std::to_string(p->generation)}};
        add_value(calls, labels, static_cast<double>(p->calls.load()));
        add_value(busy, labels, static_cast<double>(p->busy_ns.load()) / 1e9);
        add_value(faults, labels, static_cast<double>(p->faults.load()));
        add_value(open, labels, static_cast<double>(p->in_flight.load()));
        add_value(slow, labels, static_cast<double>(p->slow_feeds.load()));
        add_value(denied, labels, static_cast<double>(p->denied.load()));
        add_value(breaker, labels, static_cast<double>(p->breaker.state()));
        add_value(opened, labels, static_cast<double>(p->breaker.opened()));
    }
    auto generation = family("patchbay_plugin_generation", "The generation that serves new calls.",
                             MetricType::Gauge);
    for (const auto& [plugin, number] : now.plugin_generations) {
        add_value(generation, {{"plugin", plugin}}, static_cast<double>(number));
    }
    auto failures = family("patchbay_plugin_reload_failures_total",
                           "Plugin files that could not be taken in.", MetricType::Counter);
    for (const auto& [plugin, count] : now.reload_failures) {
        add_value(failures, {{"plugin", plugin}}, static_cast<double>(count));
    }
    return {calls, busy, faults, open, slow, denied, breaker, opened, generation, failures};
}

std::vector<MetricFamily> guardrail_families(std::span<const WorkerMetrics* const> workers) {
    std::map<WorkerMetrics::GuardrailKey, WorkerMetrics::GuardrailSeries> all;
    for (const WorkerMetrics* worker : workers) worker->add_to(all);
    auto requests = family("litellm_guardrail_requests_total",
                           "Requests a guardrail looked at, by what it did.", MetricType::Counter);
    auto errors = family("litellm_guardrail_errors_total",
                         "Requests for which a guardrail gave no verdict.", MetricType::Counter);
    auto latency =
        family("litellm_guardrail_latency_seconds",
               "Seconds a guardrail took for one request at one stage.", MetricType::Histogram);
    for (const auto& [key, series] : all) {
        const std::vector<ClientMetric::Label> labels{{"guardrail_name", key.guardrail_name},
                                                      {"hook_type", key.hook_type},
                                                      {"status", key.status}};
        add_value(requests, labels, static_cast<double>(series.requests));
        if (key.status == "guardrail_failed_to_respond") {
            add_value(errors, labels, static_cast<double>(series.requests));
        }
        add_histogram(latency, labels, series.latency);
    }
    return {requests, errors, latency};
}

std::vector<MetricFamily> log_families(const MetricsNow& now) {
    auto failures = family("litellm_callback_logging_failures_metric_total",
                           "Deliveries to a log sink that did not work.", MetricType::Counter);
    auto delivered = family("patchbay_log_records_delivered_total",
                            "Log records that a sink has taken.", MetricType::Counter);
    auto dropped = family("patchbay_log_records_dropped_total",
                          "Log records that a sink will not get.", MetricType::Counter);
    auto pending =
        family("patchbay_log_records_pending", "Log records that wait on disk.", MetricType::Gauge);
    auto bytes = family("patchbay_log_spool_bytes", "Size of a sink's spool.", MetricType::Gauge);
    for (const auto& sink : now.log_sinks) {
        const std::vector<ClientMetric::Label> labels{{"callback_name", sink->callback_name}};
        add_value(failures, labels, static_cast<double>(sink->failures.load()));
        add_value(delivered, labels, static_cast<double>(sink->delivered.load()));
        add_value(dropped, labels, static_cast<double>(sink->dropped.load()));
        add_value(pending, labels, static_cast<double>(sink->pending.load()));
        add_value(bytes, labels, static_cast<double>(sink->spooled_bytes.load()));
    }
    auto calls = family("patchbay_log_calls_dropped_total",
                        "Finished calls that no sink gets: the log thread was too far behind.",
                        MetricType::Counter);
    auto unread = family("patchbay_log_texts_unread_total",
                         "Requests and answers that records lack: they could not be read.",
                         MetricType::Counter);
    if (!now.log_sinks.empty()) {
        add_value(calls, {}, static_cast<double>(now.log_calls_dropped));
        add_value(unread, {}, static_cast<double>(now.log_texts_unread));
    }
    auto left_out = family("patchbay_log_sinks_left_out",
                           "1 for a sink that the configuration names and that gets no records.",
                           MetricType::Gauge);
    for (const std::string& name : now.left_out_sinks) {
        add_value(left_out, {{"callback_name", name}}, 1);
    }
    return {failures, delivered, dropped, pending, bytes, calls, unread, left_out};
}

}  // namespace

namespace {

// LiteLLM's; of who has such bounds.
std::vector<MetricFamily> loop_families(std::span<const WorkerMetrics* const> workers) {
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
    if (!bounded) return {};
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
    return {std::move(now), std::move(waiting), std::move(refused)};
}

}  // namespace

std::string metrics_text(std::span<const WorkerMetrics* const> workers, const MetricsNow& now) {
    std::map<WorkerMetrics::Key, WorkerMetrics::Series> all;
    for (const WorkerMetrics* worker : workers) worker->add_to(all);
    std::vector<MetricFamily> families = call_families(all);
    for (MetricFamily& f : plugin_families(now)) families.push_back(std::move(f));
    for (MetricFamily& f : deployment_families(now)) families.push_back(std::move(f));
    for (MetricFamily& f : guardrail_families(workers)) families.push_back(std::move(f));
    for (MetricFamily& f : log_families(now)) families.push_back(std::move(f));
    for (MetricFamily& f : cache_families(now)) families.push_back(std::move(f));
    for (MetricFamily& f : ledger_families(now)) families.push_back(std::move(f));
    for (MetricFamily& f : queue_families(workers, now)) families.push_back(std::move(f));
    for (MetricFamily& f : loop_families(workers)) families.push_back(std::move(f));
    for (MetricFamily& f : shared_families(now)) families.push_back(std::move(f));
    const auto gauge = [&](const char* name, const char* help, double value) {
        families.push_back(family(name, help, MetricType::Gauge));
        add_value(families.back(), {}, value);
    };
    gauge("litellm_in_flight_requests", "Requests being served now.",
          static_cast<double>(now.in_flight));
    gauge("patchbay_client_connections", "Open client connections.",
          static_cast<double>(now.client_connections));
    std::size_t upstream_connections = 0;
    for (const WorkerMetrics* worker : workers)
        upstream_connections += worker->upstream_connections();
    gauge("patchbay_upstream_connections", "Open connections to providers.",
          static_cast<double>(upstream_connections));
    gauge("patchbay_snapshot_generation", "How often the configuration was loaded.",
          static_cast<double>(now.snapshot_generation));
    std::erase_if(families, [](const MetricFamily& f) { return f.metric.empty(); });
    return prometheus::TextSerializer().Serialize(families);
}

}  // namespace patchbay
