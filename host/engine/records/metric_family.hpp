// How /metrics is put together: families of one name, with values by label.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <prometheus/metric_family.h>

#include "engine/records/metrics.hpp"

namespace patchbay {

/// A family without values.
inline prometheus::MetricFamily family(std::string name, std::string help,
                                       prometheus::MetricType type) {
    prometheus::MetricFamily f;
    f.name = std::move(name);
    f.help = std::move(help);
    f.type = type;
    return f;
}

/// Adds a value to a family of counters or gauges.
inline void add_value(prometheus::MetricFamily& f,
                      std::vector<prometheus::ClientMetric::Label> labels, double value) {
    prometheus::ClientMetric metric;
    metric.label = std::move(labels);
    metric.counter.value = value;
    metric.gauge.value = value;
    f.metric.push_back(std::move(metric));
}

/// How deployments do, and what gateways share of that.
std::vector<prometheus::MetricFamily> deployment_families(const MetricsNow& now);
std::vector<prometheus::MetricFamily> shared_families(const MetricsNow& now);

/// What the response cache and the books tell of themselves; empty where there are none.
std::vector<prometheus::MetricFamily> cache_families(const MetricsNow& now);
std::vector<prometheus::MetricFamily> ledger_families(const MetricsNow& now);

}  // namespace patchbay
