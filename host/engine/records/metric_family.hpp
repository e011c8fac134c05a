// How /metrics is put together: families of one name, with values by label.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <ranges>
#include <span>
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

inline double number(std::uint64_t count) {
    return static_cast<double>(count);
}

/// A family that tells one number of each thing of a kind.
template <typename Thing>
struct FamilyRow {
    const char *name, *help;
    prometheus::MetricType type;
    double (*value)(const Thing&);
    /// Is there something to tell of this thing? nullptr: of every one.
    bool (*told)(const Thing&) = nullptr;
};

/// Adds the families of a table, each with the values of all things. `labels` says what a thing is called, of its element in
/// `things`; `thing` takes the thing from that element.
template <typename Thing, std::size_t N, std::ranges::range Things, typename Labels,
          typename Of = std::identity>
void add_families(std::vector<prometheus::MetricFamily>& out, const FamilyRow<Thing> (&rows)[N],
                  const Things& things, const Labels& labels, const Of& thing = {}) {
    const std::size_t first = out.size();
    for (const FamilyRow<Thing>& row : rows) out.push_back(family(row.name, row.help, row.type));
    for (const auto& each : things) {
        const auto names = labels(each);
        const Thing& told = std::invoke(thing, each);
        for (std::size_t i = 0; i < N; ++i) {
            const FamilyRow<Thing>& row = rows[i];
            if (!row.told || row.told(told)) add_value(out[first + i], names, row.value(told));
        }
    }
}

/// The same of the one thing that there is of its kind, which needs no labels.
template <typename Thing, std::size_t N>
void add_families(std::vector<prometheus::MetricFamily>& out, const FamilyRow<Thing> (&rows)[N],
                  const Thing& thing) {
    const auto none = [](const Thing&) { return std::vector<prometheus::ClientMetric::Label>(); };
    add_families(out, rows, std::span(&thing, 1), none);
}

/// What calls were, and what guardrails said of them.
void add_call_families(std::vector<prometheus::MetricFamily>& out,
                       std::span<const WorkerMetrics* const> workers);
void add_guardrail_families(std::vector<prometheus::MetricFamily>& out,
                            std::span<const WorkerMetrics* const> workers);

/// How deployments do, what models and priorities take of their capacity, and what gateways share of that.
void add_capacity_families(std::vector<prometheus::MetricFamily>& out, const MetricsNow& now);
void add_deployment_families(std::vector<prometheus::MetricFamily>& out, const MetricsNow& now);
void add_shared_families(std::vector<prometheus::MetricFamily>& out, const MetricsNow& now);

/// What the response cache and the books tell of themselves; nothing where there are none.
void add_cache_families(std::vector<prometheus::MetricFamily>& out, const MetricsNow& now);
void add_ledger_families(std::vector<prometheus::MetricFamily>& out, const MetricsNow& now);

}  // namespace patchbay
