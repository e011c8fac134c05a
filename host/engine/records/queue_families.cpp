#include "engine/records/queue_families.hpp"

#include "engine/records/metric_family.hpp"

namespace patchbay {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

namespace {

constexpr FamilyRow<QueueNow> kRows[] = {
    {"patchbay_queue_depth", "Calls that wait for a deployment of the group.", MetricType::Gauge,
     [](const QueueNow& q) { return static_cast<double>(q.waiting); }},
    {"patchbay_queue_bytes", "Size of their requests.", MetricType::Gauge,
     [](const QueueNow& q) { return static_cast<double>(q.bytes); }},
};

// How many copies of calls were made for a `silent_model`, and how many were not.
struct Copies {
    std::uint64_t made = 0, dropped = 0;
};
constexpr FamilyRow<Copies> kCopyRows[] = {
    {"patchbay_silent_calls_total", "Copies of calls for a silent_model.", MetricType::Counter,
     [](const Copies& c) { return static_cast<double>(c.made); }},
    {"patchbay_silent_calls_dropped_total",
     "Copies that were not made: too many were under way, or guardrails had not seen what would be "
     "sent.",
     MetricType::Counter, [](const Copies& c) { return static_cast<double>(c.dropped); }},
};

}  // namespace

void add_queue_families(std::vector<MetricFamily>& out,
                        std::span<const WorkerMetrics* const> workers, const MetricsNow& now) {
    const auto labels = [](const QueueNow& queue) {
        return std::vector<ClientMetric::Label>{{"requested_model", queue.group}};
    };
    add_families(out, kRows, now.queues, labels);
    auto wait =
        family("patchbay_queue_wait_seconds",
               "How long calls waited that were then sent to a deployment.", MetricType::Summary);
    auto shed = family("patchbay_queue_shed_total",
                       "Calls that were not let into the queue, or left it with nothing.",
                       MetricType::Counter);
    for (const QueueNow& queue : now.queues) {
        ClientMetric waited;
        waited.label = labels(queue);
        waited.summary.sample_count = queue.served;
        waited.summary.sample_sum = queue.waited_s;
        wait.metric.push_back(std::move(waited));
        for (const auto& [reason, count] : queue.shed) {
            add_value(shed, {{"requested_model", queue.group}, {"reason", std::string(reason)}},
                      static_cast<double>(count));
        }
    }
    out.push_back(std::move(wait));
    out.push_back(std::move(shed));
    Copies copies;
    for (const WorkerMetrics* worker : workers) {
        copies.made += worker->mirrors_made();
        copies.dropped += worker->mirrors_dropped();
    }
    if (copies.made + copies.dropped > 0) {
        add_families(out, kCopyRows, copies);
    }
}

}  // namespace patchbay
