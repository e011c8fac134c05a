// Tested by metrics_test.cpp, tests/e2e/test_cache.py and tests/e2e/test_ledger.py.
#include "engine/records/metric_family.hpp"

namespace patchbay {

using prometheus::MetricFamily;
using prometheus::MetricType;

namespace {

constexpr FamilyRow<CacheFigures> kCacheRows[] = {
    {"patchbay_cache_bytes", "Size of the answers that are kept in memory.", MetricType::Gauge,
     [](const CacheFigures& c) { return static_cast<double>(c.bytes); }},
    {"patchbay_cache_entries", "Number of the answers that are kept in memory.", MetricType::Gauge,
     [](const CacheFigures& c) { return static_cast<double>(c.entries); }},
    {"patchbay_cache_store_failures_total",
     "Times that the store behind the response cache could not be used.", MetricType::Counter,
     [](const CacheFigures& c) { return static_cast<double>(c.faults); }},
};

constexpr FamilyRow<LedgerFigures> kLedgerRows[] = {
    {"patchbay_ledger_posted_entries_total", "Attempts that are in the books.", MetricType::Counter,
     [](const LedgerFigures& l) { return static_cast<double>(l.posted); }},
    {"patchbay_ledger_post_failures_total", "Batches that the store did not take; they come again.",
     MetricType::Counter, [](const LedgerFigures& l) { return static_cast<double>(l.failures); }},
    {"patchbay_ledger_lost_entries_total", "Attempts that are in no book: their ring was full.",
     MetricType::Counter, [](const LedgerFigures& l) { return static_cast<double>(l.lost); }},
    {"patchbay_ledger_waiting_entries", "Attempts of the batch that is to be posted next.",
     MetricType::Gauge, [](const LedgerFigures& l) { return static_cast<double>(l.waiting); }},
};

}  // namespace

void add_cache_families(std::vector<MetricFamily>& out, const MetricsNow& now) {
    if (now.cache) add_families(out, kCacheRows, *now.cache);
}

void add_ledger_families(std::vector<MetricFamily>& out, const MetricsNow& now) {
    if (now.ledger) add_families(out, kLedgerRows, *now.ledger);
}

}  // namespace patchbay
