// What a worker counts. How it is told is in metrics.cpp, which programs without a page of metrics do not have.
#include <algorithm>
#include <utility>

#include "engine/records/metrics.hpp"

namespace patchbay {

void LatencyHistogram::observe(std::chrono::nanoseconds value) {
    const double seconds = static_cast<double>(value.count()) / 1e9;
    const auto bucket = std::lower_bound(kLatencyBuckets.begin(), kLatencyBuckets.end(), seconds);
    ++counts[static_cast<std::size_t>(bucket - kLatencyBuckets.begin())];
    sum += seconds;
}

void LatencyHistogram::add(const LatencyHistogram& other) {
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
    sum += other.sum;
}

void WorkerMetrics::Series::add(const Series& other) {
    requests += other.requests;
    prompt_tokens += other.prompt_tokens;
    completion_tokens += other.completion_tokens;
    total_tokens += other.total_tokens;
    cached_tokens += other.cached_tokens;
    spend += other.spend;
    unpriced += other.unpriced;
    cache_hits += other.cache_hits;
    cache_misses += other.cache_misses;
    cache_saved += other.cache_saved;
    total.add(other.total);
    first_token.add(other.first_token);
    upstream.add(other.upstream);
}

void WorkerMetrics::Series::add_used(const CallOutcome& outcome) {
    const Usage& usage = outcome.usage;
    spend += outcome.charge;
    unpriced += outcome.unpriced ? 1 : 0;
    prompt_tokens += usage.prompt;
    completion_tokens += usage.completion;
    total_tokens += usage.total;
    cached_tokens += usage.cached;
}

void WorkerMetrics::record_tokens(const CallOutcome& attempt) {
    if (attempt.usage == Usage{}) return;
    const std::lock_guard lock(mutex_);
    Key key;
    key.route = attempt.route;
    key.group = attempt.group;
    key.deployment = attempt.deployment;
    key.model = attempt.model;
    series_[std::move(key)].add_used(attempt);
}

void WorkerMetrics::record(const CallOutcome& o) {
    const std::lock_guard lock(mutex_);
    if (!last_ || last_->first.status != o.status || last_->first.deployment != o.deployment ||
        last_->first.group != o.group || last_->first.route != o.route ||
        last_->first.exception != o.exception) {
        Key key{std::string(o.route), std::string(o.group),     std::string(o.deployment),
                std::string(o.model), std::string(o.exception), o.status};
        last_ = &*series_.try_emplace(std::move(key)).first;
    }
    Series& series = last_->second;
    ++series.requests;
    series.add_used(o);
    series.cache_hits += o.cache == CacheUse::hit ? 1 : 0;
    series.cache_misses += o.cache == CacheUse::miss ? 1 : 0;
    series.cache_saved += o.saved;
    series.total.observe(o.total);
    if (o.first_token.count() > 0) series.first_token.observe(o.first_token);
    if (o.upstream.count() > 0) series.upstream.observe(o.upstream);
}

void WorkerMetrics::record_guardrail(const GuardrailKey& key, std::chrono::nanoseconds duration) {
    const std::lock_guard lock(mutex_);
    GuardrailSeries& series = guardrails_[key];
    ++series.requests;
    series.latency.observe(duration);
}

void WorkerMetrics::add_to(std::map<GuardrailKey, GuardrailSeries>& sum) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, series] : guardrails_) {
        sum[key].requests += series.requests;
        sum[key].latency.add(series.latency);
    }
}

void WorkerMetrics::add_to(std::map<Key, Series>& sum) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, series] : series_) sum[key].add(series);
}

}  // namespace patchbay
