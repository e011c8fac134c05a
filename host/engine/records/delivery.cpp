#include "engine/records/delivery.hpp"

#include <algorithm>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

namespace patchbay {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kDeliveryTime{30'000};

/// True if the same bytes will be refused again, so that waiting does not help. Not so for a wrong
/// key: the operator will put that right, and nothing should be lost by then.
bool is_final(const Error& error) {
    if (error.retry != RetryHint::by_class) return error.retry == RetryHint::never;
    return error.cls == ErrorClass::bad_request || error.cls == ErrorClass::unsupported;
}

}  // namespace

Delivery::Delivery(ExchangeContext context, Spool spool, std::shared_ptr<const Snapshot> snapshot,
                   const LogSink& sink, Pauses pauses)
    : context_(context),
      pauses_(pauses),
      spool_(std::move(spool)),
      sink_(nullptr),
      name_(sink.config.name),
      stats_(std::make_shared<SinkStats>()),
      wake_(context.loop.io),
      random_(std::random_device{}()) {
    stats_->callback_name = name_;
    if (!spool_.empty()) oldest_ = std::chrono::steady_clock::now();
    use(std::move(snapshot), sink);
    update_stats();
}

void Delivery::use(std::shared_ptr<const Snapshot> snapshot, const LogSink& sink) {
    snapshot_ = std::move(snapshot);
    sink_ = &sink;
    const LoggingSettings& logging = snapshot_->config.litellm.logging;
    privacy_.redact_messages =
        logging.turn_off_message_logging || sink.config.turn_off_message_logging.value_or(false);
    privacy_.redact_key_info = logging.redact_user_api_key_info;
    privacy_.excluded_fields = logging.excluded_fields;
    limit_ = batch_size();
    pause_ = milliseconds(0);
    if (waiting_) wake_.cancel();
}

std::size_t Delivery::batch_size() const {
    return static_cast<std::size_t>(sink_->config.batch_size.value_or(kBatchSize));
}

milliseconds Delivery::flush_interval() const {
    return sink_->config.flush_interval.value_or(kFlushInterval);
}

void Delivery::add(const CallEntry& entry, const boost::json::object& payload) {
    const LogRecord record = make_record(entry, payload, privacy_);
    if (!(record.failed ? sink_->config.on_failure : sink_->config.on_success)) return;
    if (const auto* disabled = entry.facts.if_contains("disabled_callbacks")) {
        const auto& names = disabled->get_array();
        if (std::find(names.begin(), names.end(), boost::json::value(name_)) != names.end()) return;
    }
    if (spool_.empty()) oldest_ = std::chrono::steady_clock::now();
    spool_.append(record);
    update_stats();
    if (waiting_ && pause_.count() == 0 && spool_.pending() >= batch_size()) wake_.cancel();
}

void Delivery::update_stats() {
    stats_->dropped = own_drops_ + spool_.dropped();
    stats_->pending = spool_.pending();
    stats_->spooled_bytes = spool_.bytes();
}

asio::awaitable<void> Delivery::wait_for_work() {
    auto until = asio::steady_timer::time_point::max();
    if (pause_.count() > 0) {
        until = std::chrono::steady_clock::now() + pause_;
        pause_ = milliseconds(0);
    } else if (spool_.pending() >= batch_size()) {
        co_return;
    } else if (!spool_.empty()) {
        until = oldest_ + flush_interval();
    } else {
        // add() does not wake for a first record: it looks again when that one is due.
        until = std::chrono::steady_clock::now() + flush_interval();
    }
    wake_.expires_at(until);
    waiting_ = true;
    co_await wake_.async_wait(asio::as_tuple(asio::use_awaitable));
    waiting_ = false;
}

asio::awaitable<void> Delivery::run() {
    while (!stopping_ || (!spool_.empty() && !failed_)) {
        if (!stopping_) co_await wait_for_work();
        const bool due = stopping_ || failed_ || spool_.pending() >= batch_size() ||
                         std::chrono::steady_clock::now() - oldest_ >= flush_interval();
        if (!spool_.empty() && due) co_await deliver();
    }
}

void Delivery::stop() {
    stopping_ = true;
    failed_ = false;
    wake_.cancel();
}

asio::awaitable<void> Delivery::deliver() {
    const Spool::Batch batch = spool_.read(limit_, kMaxBatchBytes);
    std::vector<const LogRecord*> pointers;
    for (const LogRecord& record : batch.records) pointers.push_back(&record);
    http::Timeouts timeouts;
    timeouts.total = kDeliveryTime;
    const auto snapshot = snapshot_;  // keeps the instance for as long as it works
    const ComponentInstance component = sink_->component;
    BatchOutcome outcome = co_await run_batch(context_, component, pointers, attempt_, timeouts);
    settle(batch, std::move(outcome));
    update_stats();
}

void Delivery::settle(const Spool::Batch& batch, BatchOutcome outcome) {
    failed_ = false;
    if (!outcome.error) {
        keep_partial(batch, outcome.retry);
        const bool cut = batch.records.size() >= limit_;
        spool_.commit(batch);
        stats_->delivered += batch.records.size() - outcome.retry.size();
        attempt_ = 1;
        limit_ = std::min(batch_size(), limit_ * 2);
        // What the batch had no room for has waited long enough already.
        if (!cut || !outcome.retry.empty()) oldest_ = std::chrono::steady_clock::now();
        if (!outcome.retry.empty()) {
            ++stats_->failures;
            failed_ = outcome.retry.size() == batch.records.size();
        }
        return;
    }
    ++stats_->failures;
    if (!is_final(*outcome.error)) return pause_after(*outcome.error);
    if (batch.records.size() > 1) {
        limit_ = batch.records.size() / 2;
        failed_ = !stopping_;  // due at once
        return;
    }
    spdlog::warn("log sink '{}': record {} is refused and dropped: {}", name_, batch.records[0].id,
                 outcome.error->message);
    ++own_drops_;
    spool_.commit(batch);
    attempt_ = 1;
    limit_ = std::min(batch_size(), limit_ * 2);
}

void Delivery::keep_partial(const Spool::Batch& batch, const std::vector<std::uint32_t>& retry) {
    for (const std::uint32_t index : retry) {
        const LogRecord& record = batch.records[index];
        if (++refused_[record.id] > kMaxPartial) {
            spdlog::warn("log sink '{}': record {} was refused {} times and is dropped", name_,
                         record.id, kMaxPartial);
            refused_.erase(record.id);
            ++own_drops_;
            continue;
        }
        spool_.append(record);
    }
    std::size_t next = 0;
    for (std::uint32_t i = 0; i < batch.records.size(); ++i) {
        if (next < retry.size() && retry[next] == i) {
            ++next;
        } else if (!refused_.empty()) {
            refused_.erase(batch.records[i].id);
        }
    }
}

void Delivery::pause_after(const Error& error) {
    failed_ = true;
    milliseconds wait = pauses_.first;
    for (std::uint32_t i = 1; i < attempt_ && wait < pauses_.longest; ++i) wait *= 2;
    wait = std::min(wait, pauses_.longest);
    if (error.retry_after) wait = std::max(wait, *error.retry_after);
    const auto jitter = std::uniform_int_distribution<std::int64_t>(0, wait.count() / 4)(random_);
    pause_ = wait + milliseconds(jitter);
    if (attempt_ == 1 || wait == pauses_.longest) {
        spdlog::warn("log sink '{}': {} records wait: {}", name_, spool_.pending(), error.message);
    }
    ++attempt_;
}

}  // namespace patchbay
