// Tested by tests/e2e/test_priorities.py.
#include "engine/records/metric_family.hpp"

namespace patchbay {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

namespace {

constexpr FamilyRow<CapacityNow> kRows[] = {
    {"patchbay_capacity_minute_requests",
     "Requests of this minute by a model's rpm, those of a priority by its share; 1 = all.",
     MetricType::Gauge, [](const CapacityNow& c) { return *c.requests; },
     [](const CapacityNow& c) { return c.requests.has_value(); }},
    {"patchbay_capacity_minute_tokens", "Likewise tokens by its tpm.", MetricType::Gauge,
     [](const CapacityNow& c) { return *c.tokens; },
     [](const CapacityNow& c) { return c.tokens.has_value(); }},
    {"patchbay_capacity_refused_total",
     "Calls that the model's capacity, or a priority's share of it, refused.", MetricType::Counter,
     [](const CapacityNow& c) { return number(c.refused); }},
};

}  // namespace

void add_capacity_families(std::vector<MetricFamily>& out, const MetricsNow& now) {
    add_families(out, kRows, now.capacities, [](const CapacityNow& c) {
        return std::vector<ClientMetric::Label>{{"requested_model", c.model},
                                                {"priority", c.priority}};
    });
}

}  // namespace patchbay
