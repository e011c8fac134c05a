// What /metrics tells of queues of model groups, and of copies for `silent_model`.
#pragma once

#include <span>
#include <vector>

#include <prometheus/metric_family.h>

#include "engine/records/metrics.hpp"

namespace patchbay {

/// Families without a value where there is nothing to tell.
void add_queue_families(std::vector<prometheus::MetricFamily>& out,
                        std::span<const WorkerMetrics* const> workers, const MetricsNow& now);

}  // namespace patchbay
