// The log thread: takes finished calls from the workers' journals, makes records of them, spools
// them for each sink and has them delivered.
//
//     worker -> journal (mapped ring) -> payload -> spool of each sink (files) -> logger plugin
//
// It has an event loop and an HTTP client of its own, so a slow sink costs no request anything. The
// journals are looked at every kTick: waking the thread would cost a worker a system call.
//
// Everything lies in a directory that one process at a time may use; another gateway on the same
// machine takes another one, and takes over what a dead one left. Tested by log_service_test.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include "engine/http/client.hpp"
#include "engine/loop.hpp"
#include "engine/records/delivery.hpp"
#include "engine/records/journal.hpp"
#include "engine/records/metrics.hpp"
#include "engine/world/snapshot.hpp"

namespace patchbay {

struct LogServiceOptions {
    std::filesystem::path directory;  ///< made when a sink is configured for the first time
    int workers = 1;
    http::ClientOptions client;
    std::size_t journal_bytes = 16u << 20;  ///< of each worker; a power of two
    std::chrono::milliseconds drain_time{5000};
};

/// Controlled from one thread; journals as described there.
class LogService {
  public:
    static constexpr std::chrono::milliseconds kTick{20};
    static constexpr std::uint64_t kSpoolBytes = 1u << 30;  ///< of each sink, unless configured

    explicit LogService(LogServiceOptions options);
    ~LogService();
    LogService(const LogService&) = delete;
    LogService& operator=(const LogService&) = delete;

    /// To be called with a snapshot before workers get it: journals and sinks are ready for it
    /// then. False, and a log line, if the directory cannot be used; nothing is logged then.
    bool use(std::shared_ptr<const Snapshot> snapshot);
    /// A worker's journal; nullptr before there was a sink. Stays where it is.
    Journal* journal(std::size_t worker);
    /// Delivers what is there, for drain_time at most; the rest stays on disk. Ends the thread.
    void stop();

    std::vector<std::shared_ptr<const SinkStats>> stats() const;
    /// Calls that found no room in their worker's journal.
    std::uint64_t dropped() const;
    /// Requests, answers and chunks that records lack because they could not be read.
    std::uint64_t unread() const;
    /// What guardrails that look at records did.
    const WorkerMetrics& metrics() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace patchbay
