// Log records on disk, waiting for one sink.
//
// A sink that is away for an hour must cost neither memory nor records, and a process that is
// killed must find them again. So records are appended to segment files and read back in order; a
// small file says how far they are delivered. Whoever is killed between a delivery and the note of
// it delivers again: a record keeps its id, so the sink can tell.
//
// A record that was cut off when the process died is not one: its length does not fit. Tested by
// spool_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <string>
#include <vector>

#include <boost/system/result.hpp>

#include "engine/exchange/logger_exchange.hpp"

namespace patchbay {

/// One directory, one thread.
class Spool {
  public:
    static constexpr std::uint64_t kSegmentBytes = 8u << 20;

    /// Where reading stands: a segment and an offset in it.
    struct Position {
        std::uint64_t segment = 0;
        std::uint64_t offset = 0;
        auto operator<=>(const Position&) const = default;
    };
    struct Batch {
        std::vector<LogRecord> records;
        Position begin;
        Position end;
    };

    /// Takes over what is in the directory, which is made if missing. On failure the text says why.
    static boost::system::result<Spool, std::string> open(std::filesystem::path directory,
                                                          std::uint64_t max_bytes);
    Spool(Spool&& other) noexcept;
    Spool& operator=(Spool&& other) = delete;
    ~Spool();

    /// Appends; survives the process from here on. If the spool is over its bound the oldest
    /// segment goes, and its undelivered records are counted as dropped. False if the disk does not
    /// take it; counted too.
    bool append(const LogRecord& record);
    /// The oldest records that are not committed: at most so many, and so many bytes but at least
    /// one.
    Batch read(std::size_t max_records, std::size_t max_bytes);
    /// The batch is delivered (or appended again); files that are done with are removed.
    void commit(const Batch& batch);

    bool empty() const { return pending_ == 0; }
    std::uint64_t pending() const { return pending_; }  ///< records
    std::uint64_t bytes() const { return bytes_; }      ///< on disk
    std::uint64_t dropped() const { return dropped_; }

  private:
    Spool(std::filesystem::path directory, std::uint64_t max_bytes);
    std::string load();
    std::filesystem::path segment_path(std::uint64_t number) const;
    bool start_segment(std::uint64_t number);
    void remove_oldest(bool delivered);
    std::uint64_t count_records(std::uint64_t segment, std::uint64_t from,
                                std::uint64_t* end = nullptr) const;

    std::filesystem::path directory_;
    std::uint64_t max_bytes_;
    std::deque<std::pair<std::uint64_t, std::uint64_t>> segments_;  ///< number, bytes
    int file_ = -1;    ///< the newest segment, for appending
    int cursor_ = -1;  ///< the file with the position
    Position read_;    ///< committed
    std::uint64_t pending_ = 0;
    std::uint64_t bytes_ = 0;
    std::uint64_t dropped_ = 0;
    std::uint64_t seq_ = 0;
};

}  // namespace patchbay
