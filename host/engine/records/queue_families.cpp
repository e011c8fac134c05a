#include "engine/records/queue_families.hpp"

#include "engine/records/metric_family.hpp"

namespace patchbay {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

std::vector<MetricFamily> queue_families(std::span<const WorkerMetrics* const> workers,
                                         const MetricsNow& now) {
    auto depth = family("patchbay_queue_depth", "Calls that wait for a deployment of the group.",
                        MetricType::Gauge);
    auto bytes = family("patchbay_queue_bytes", "Size of their requests.", MetricType::Gauge);
    auto wait =
        family("patchbay_queue_wait_seconds",
               "How long calls waited that were then sent to a deployment.", MetricType::Summary);
    auto shed = family("patchbay_queue_shed_total",
                       "Calls that were not let into the queue, or left it with nothing.",
                       MetricType::Counter);
    for (const QueueNow& queue : now.queues) {
        const std::vector<ClientMetric::Label> labels{{"requested_model", queue.group}};
        add_value(depth, labels, static_cast<double>(queue.waiting));
        add_value(bytes, labels, static_cast<double>(queue.bytes));
        ClientMetric waited;
        waited.label = labels;
        waited.summary.sample_count = queue.served;
        waited.summary.sample_sum = queue.waited_s;
        wait.metric.push_back(std::move(waited));
        for (const auto& [reason, count] : queue.shed) {
            add_value(shed, {{"requested_model", queue.group}, {"reason", std::string(reason)}},
                      static_cast<double>(count));
        }
    }
    auto made = family("patchbay_silent_calls_total", "Copies of calls for a silent_model.",
                       MetricType::Counter);
    auto dropped = family("patchbay_silent_calls_dropped_total",
                          "Copies that were not made: too many were under way, or guardrails had "
                          "not seen what would be sent.",
                          MetricType::Counter);
    std::uint64_t copies = 0;
    std::uint64_t left_out = 0;
    for (const WorkerMetrics* worker : workers) {
        copies += worker->mirrors_made();
        left_out += worker->mirrors_dropped();
    }
    if (copies + left_out > 0) {
        add_value(made, {}, static_cast<double>(copies));
        add_value(dropped, {}, static_cast<double>(left_out));
    }
    return {depth, bytes, wait, shed, made, dropped};
}

}  // namespace patchbay
