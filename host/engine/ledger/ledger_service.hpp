// The ledger's thread: takes what calls cost out of the workers' rings and posts it in batches.
//
//     worker -> ring (mapped file) -> batch -> store
//
// A ring gives its space back only after its entries were posted, and a store skips what it has, so a process
// that is killed at any instant loses nothing and posts nothing twice: the next one that starts in the
// directory posts what it finds. The mapped pages are the kernel's: a crash of the machine may cost what was
// written in the moments before it. While the store is away entries wait in the rings; where a ring is full
// new calls are refused, not forgotten.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/ledger/ledger_ring.hpp"
#include "engine/records/metrics.hpp"
#include "store/ledger_store.hpp"

namespace patchbay {

struct LedgerOptions {
    std::filesystem::path directory;  ///< for the rings; made if it is not there
    patchbay::store::Address store;   ///< of the books
    int workers = 1;
    std::size_t ring_bytes = 32u << 20;    ///< of each worker; a power of two
    std::chrono::milliseconds pause{100};  ///< between two batches where little is to be done
    std::chrono::milliseconds drain_time{5000};
    std::size_t batch = 2000;  ///< entries of a batch at most
};

/// Controlled from one thread.
class LedgerService {
  public:
    /// Opens the store and the rings, and posts what rings of before hold, which is in the books then; what the store does
    /// not take waits, as later. On failure the text says why: the store cannot be used, or another process has the directory.
    static boost::system::result<std::unique_ptr<LedgerService>, std::string> start(
        LedgerOptions options);
    ~LedgerService();
    LedgerService(const LedgerService&) = delete;
    LedgerService& operator=(const LedgerService&) = delete;

    /// A worker's ring; stays where it is.
    LedgerRing& ring(std::size_t worker) { return *rings_.at(worker); }
    /// Posts what is there, for drain_time at most; the rest stays on disk. Ends the thread.
    void stop();
    /// Any thread.
    LedgerFigures figures() const;

  private:
    LedgerService(LedgerOptions options, store::LedgerStore store, int lock);
    std::string open_rings();
    void run();
    store::LedgerSource& source_of(const LedgerHead& head);
    bool post_batch();
    void tell(const store::Stored<void>& posted);
    bool pause(std::chrono::milliseconds time);

    LedgerOptions options_;
    store::LedgerStore store_;
    int lock_;
    std::vector<std::unique_ptr<LedgerRing>> rings_;  ///< those behind `workers` are read only
    /// Of who posts; keeps its memory from batch to batch.
    std::vector<store::LedgerSource> batch_;
    bool away_ = false;  ///< of who posts: the store took nothing the last time
    std::atomic<std::uint64_t> posted_{0}, failures_{0}, waiting_{0};
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace patchbay
