// Tested by metrics_test.cpp, tests/e2e/test_cache.py and tests/e2e/test_ledger.py.
#include "engine/records/metric_family.hpp"

namespace patchbay {

using prometheus::MetricFamily;
using prometheus::MetricType;

std::vector<MetricFamily> cache_families(const MetricsNow& now) {
    if (!now.cache) return {};
    auto bytes = family("patchbay_cache_bytes", "Size of the answers that are kept in memory.",
                        MetricType::Gauge);
    auto entries = family("patchbay_cache_entries",
                          "Number of the answers that are kept in memory.", MetricType::Gauge);
    auto faults = family("patchbay_cache_store_failures_total",
                         "Times that the store behind the response cache could not be used.",
                         MetricType::Counter);
    add_value(bytes, {}, static_cast<double>(now.cache->bytes));
    add_value(entries, {}, static_cast<double>(now.cache->entries));
    add_value(faults, {}, static_cast<double>(now.cache->faults));
    return {bytes, entries, faults};
}

std::vector<MetricFamily> ledger_families(const MetricsNow& now) {
    if (!now.ledger) return {};
    auto posted = family("patchbay_ledger_posted_entries_total", "Attempts that are in the books.",
                         MetricType::Counter);
    auto failures =
        family("patchbay_ledger_post_failures_total",
               "Batches that the store did not take; they come again.", MetricType::Counter);
    auto lost = family("patchbay_ledger_lost_entries_total",
                       "Attempts that are in no book: their ring was full.", MetricType::Counter);
    auto waiting = family("patchbay_ledger_waiting_entries",
                          "Attempts of the batch that is to be posted next.", MetricType::Gauge);
    add_value(posted, {}, static_cast<double>(now.ledger->posted));
    add_value(failures, {}, static_cast<double>(now.ledger->failures));
    add_value(lost, {}, static_cast<double>(now.ledger->lost));
    add_value(waiting, {}, static_cast<double>(now.ledger->waiting));
    return {posted, failures, lost, waiting};
}

}  // namespace patchbay
