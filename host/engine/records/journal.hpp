// A ring of log entries in a mapped file: from one worker to the log thread.
//
// Two problems: a finished call must cost its worker no system call and no lock to be logged, and
// its record must not be lost if the process is killed the next moment. Memory that is mapped from
// a file and shared is both: writing is a copy, and what was written belongs to the kernel and
// outlives the process. (It does not outlive the machine: that is what the log thread's spool,
// which is synced, is for. Of the pages that were written last some may then be on the disk and
// some not, so every entry has a checksum, and open() cuts off what stands from the first that is not whole on.)
//
// One writer, one reader; positions count bytes and only grow. An entry is published by moving the
// head behind it, so one that was being written when the process died is not there. An entry that
// does not fit before the end of the ring begins anew at its start, behind a mark.
// Tested by journal_test.cpp.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

namespace patchbay {

/// append() on one thread, next() and release() on one other.
class Journal {
  public:
    /// Opens or makes the file; a file of another size or with impossible positions is begun anew.
    /// `capacity` is a power of two. The space is allocated, so that writing cannot fail later. On
    /// failure the text says why.
    static boost::system::result<std::unique_ptr<Journal>, std::string> open(
        const std::filesystem::path& file, std::size_t capacity);
    ~Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    /// Copies the parts as one entry. False if there is no room; it is counted as dropped then.
    bool append(std::span<const std::string_view> parts);
    /// The oldest entry that was not released; empty if there is none. Valid until release().
    std::string_view next();
    /// The entry behind the one that next() or ahead() returned last; empty if there is none. Valid
    /// until release().
    std::string_view ahead();
    /// Gives the space of the entry that next() or ahead() returned last back, and of all before it.
    void release();
    /// Bytes of entries that fit for sure; on the thread that appends.
    std::size_t room() const;
    /// Entries that found no room since the file was made, and ends of it that were not whole.
    std::uint64_t dropped() const;

  private:
    struct Head;
    Journal(int file, void* memory, std::size_t capacity);
    char* data() const;

    int file_;
    Head* head_;
    std::size_t capacity_;
    std::string_view entry_from(std::uint64_t position);
    void cut_what_is_not_whole();

    std::uint64_t after_next_ = 0;  ///< position behind the entry that was returned last
};

}  // namespace patchbay
