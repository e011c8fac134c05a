// Tested by metrics_test.cpp.
#include <cstdint>
#include <limits>
#include <map>
#include <string>

#include "engine/records/metric_family.hpp"

namespace patchbay {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

namespace {

using Labels = std::vector<ClientMetric::Label>;

void add_histogram(MetricFamily& f, Labels labels, const LatencyHistogram& h) {
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

Labels model_labels(const WorkerMetrics::Key& key) {
    return {{"requested_model", key.group}, {"model", key.model}, {"model_id", key.deployment}};
}

Labels outcome_labels(const WorkerMetrics::Key& key) {
    auto labels = model_labels(key);
    labels.push_back({"route", key.route});
    labels.push_back({"status_code", std::to_string(key.status)});
    return labels;
}

using Series = WorkerMetrics::Series;

double dollars(std::int64_t nano) {
    return static_cast<double>(nano) / 1e9;
}
bool looked_up(const Series& s) {
    return s.cache_hits + s.cache_misses > 0;
}

constexpr FamilyRow<Series> kModelRows[] = {
    {"litellm_input_tokens_metric_total", "Input tokens.", MetricType::Counter,
     [](const Series& s) { return number(s.prompt_tokens); }},
    {"litellm_output_tokens_metric_total", "Output tokens.", MetricType::Counter,
     [](const Series& s) { return number(s.completion_tokens); }},
    {"litellm_total_tokens_metric_total", "Input and output tokens.", MetricType::Counter,
     [](const Series& s) { return number(s.total_tokens); }},
    {"litellm_cached_tokens_metric_total", "Input tokens the provider read from its cache.",
     MetricType::Counter, [](const Series& s) { return number(s.cached_tokens); }},
    {"litellm_spend_metric_total", "Dollars that calls cost.", MetricType::Counter,
     [](const Series& s) { return dollars(s.spend); }},
    {"patchbay_unpriced_attempts_total",
     "Attempts that used something for which there is no price.", MetricType::Counter,
     [](const Series& s) { return number(s.unpriced); },
     [](const Series& s) { return s.unpriced > 0; }},
    {"litellm_cache_hits_metric_total", "Requests that the response cache answered.",
     MetricType::Counter, [](const Series& s) { return number(s.cache_hits); }, looked_up},
    {"litellm_cache_misses_metric_total", "Requests whose answer the response cache did not have.",
     MetricType::Counter, [](const Series& s) { return number(s.cache_misses); }, looked_up},
    {"patchbay_cache_saved_dollars_total",
     "Dollars that the answers of the response cache had cost.", MetricType::Counter,
     [](const Series& s) { return dollars(s.cache_saved); }, looked_up},
};

struct LatencyRow {
    const char *name, *help;
    LatencyHistogram Series::*latency;
};
constexpr LatencyRow kLatencyRows[] = {
    {"litellm_request_total_latency_metric",
     "Seconds from a request's last byte to its answer's last byte.", &Series::total},
    {"litellm_llm_api_latency_metric", "Seconds spent on the provider's side of a request.",
     &Series::upstream},
    {"litellm_llm_api_time_to_first_token_metric",
     "Seconds to the first event of a streamed answer.", &Series::first_token},
};

}  // namespace

void add_call_families(std::vector<MetricFamily>& out,
                       std::span<const WorkerMetrics* const> workers) {
    std::map<WorkerMetrics::Key, Series> all;
    for (const WorkerMetrics* worker : workers) worker->add_to(all);
    auto requests = family("litellm_proxy_total_requests_metric_total",
                           "Requests that reached a route, by outcome.", MetricType::Counter);
    auto failed = family("litellm_proxy_failed_requests_metric_total",
                         "Requests that were answered with an error.", MetricType::Counter);
    std::map<WorkerMetrics::Key, Series> by_model;
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
            add_value(failed, labels, number(series.requests));
        }
        WorkerMetrics::Key model;
        model.group = key.group;
        model.deployment = key.deployment;
        model.model = key.model;
        if (!key.deployment.empty()) by_model[model].add(series);
    }
    for (const auto& [key, count] : by_status) {
        add_value(requests, outcome_labels(key), number(count));
    }
    out.push_back(std::move(requests));
    out.push_back(std::move(failed));
    const auto labels = [](const auto& each) { return model_labels(each.first); };
    add_families(out, kModelRows, by_model, labels,
                 [](const auto& each) -> const Series& { return each.second; });
    for (const LatencyRow& row : kLatencyRows) {
        out.push_back(family(row.name, row.help, MetricType::Histogram));
        for (const auto& each : by_model) {
            add_histogram(out.back(), labels(each), each.second.*row.latency);
        }
    }
}

void add_guardrail_families(std::vector<MetricFamily>& out,
                            std::span<const WorkerMetrics* const> workers) {
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
        const Labels labels{{"guardrail_name", key.guardrail_name},
                            {"hook_type", key.hook_type},
                            {"status", key.status}};
        add_value(requests, labels, number(series.requests));
        if (key.status == "guardrail_failed_to_respond") {
            add_value(errors, labels, number(series.requests));
        }
        add_histogram(latency, labels, series.latency);
    }
    for (MetricFamily* f : {&requests, &errors, &latency}) out.push_back(std::move(*f));
}

}  // namespace patchbay
