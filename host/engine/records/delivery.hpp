// Delivers the records of one sink: reads batches from its spool, hands them to the logger plugin,
// acts on what came of it.
//
//     delivered        go on
//     some are not     append those again, go on
//     not now          wait, longer each time, and try the same batch again
//     never            halve the batch until the record at fault is alone; drop it, count it
//
// Tested by delivery_test.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "engine/exchange/logger_exchange.hpp"
#include "engine/records/payload.hpp"
#include "engine/records/sink_stats.hpp"
#include "engine/records/spool.hpp"
#include "engine/world/snapshot.hpp"

namespace patchbay {

/// Belongs to the log thread's loop. run() must have returned before it is destroyed.
class Delivery {
  public:
    static constexpr std::size_t kBatchSize = 512;  ///< LiteLLM's DEFAULT_BATCH_SIZE
    static constexpr std::chrono::milliseconds kFlushInterval{5000};
    static constexpr std::size_t kMaxBatchBytes = 4u << 20;
    /// After a delivery that did not work: the first pause, doubled up to the longest, and up to a
    /// quarter more.
    struct Pauses {
        std::chrono::milliseconds first{1000};
        std::chrono::milliseconds longest{60'000};
    };
    static constexpr int kMaxPartial = 20;  ///< times one record may be refused alone

    Delivery(ExchangeContext context, Spool spool, std::shared_ptr<const Snapshot> snapshot,
             const LogSink& sink, Pauses pauses);
    Delivery(const Delivery&) = delete;
    Delivery& operator=(const Delivery&) = delete;

    /// Another configuration for the sink of this name; what is under way ends in the old one.
    void use(std::shared_ptr<const Snapshot> snapshot, const LogSink& sink);
    /// Puts a record into the spool, if the sink wants records of this outcome.
    void add(const CallEntry& entry, const boost::json::object& payload);
    const std::string& name() const { return name_; }
    std::shared_ptr<SinkStats> stats() const { return stats_; }

    /// Delivers until stop().
    boost::asio::awaitable<void> run();
    /// What is there is delivered at once; run() returns when all is, or a delivery did not work.
    void stop();

  private:
    std::size_t batch_size() const;
    std::chrono::milliseconds flush_interval() const;
    boost::asio::awaitable<void> wait_for_work();
    boost::asio::awaitable<void> deliver();
    void settle(const Spool::Batch& batch, BatchOutcome outcome);
    void keep_partial(const Spool::Batch& batch, const std::vector<std::uint32_t>& retry);
    void pause_after(const Error& error);
    void update_stats();

    ExchangeContext context_;
    Pauses pauses_;
    Spool spool_;
    std::shared_ptr<const Snapshot> snapshot_;
    const LogSink* sink_;
    std::string name_;
    RecordPrivacy privacy_;
    std::shared_ptr<SinkStats> stats_;
    boost::asio::steady_timer wake_;
    std::chrono::steady_clock::time_point oldest_{};  ///< since when something waits
    std::chrono::milliseconds pause_{0};
    std::size_t limit_ = kBatchSize;  ///< halved to find a record that is refused
    std::uint32_t attempt_ = 1;
    std::map<std::string, int> refused_;  ///< how often a record was named in a partial failure
    std::minstd_rand random_;
    std::uint64_t own_drops_ = 0;
    bool waiting_ = false;
    bool stopping_ = false;
    bool failed_ = false;  ///< the last delivery did not work
};

}  // namespace patchbay
