// Why plugin files could not be taken in: for the admin API and the metrics.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace patchbay {

/// Thread-safe. Names are plugin ids, or file names of files that did not get so far as to tell
/// theirs; at most kMaxNames are kept, so that a stream of odd files cannot fill the memory.
class ReloadFailures {
  public:
    static constexpr std::size_t kMaxNames = 1024;

    struct Failure {
        std::uint64_t count = 0;          ///< since the start
        std::optional<std::string> what;  ///< nullopt: the last look found nothing wrong
        std::chrono::system_clock::time_point time;
        std::string file;
    };

    void set(const std::string& name, const std::string& file, const std::string& what);
    /// The last look found nothing wrong with it.
    void clear(const std::string& name);
    std::map<std::string, Failure> all() const;

  private:
    mutable std::mutex mutex_;
    std::map<std::string, Failure> failures_;
};

}  // namespace patchbay
