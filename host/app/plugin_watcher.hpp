// Notices when the plugin directories change and have come to rest.
//
// A file appears in pieces: `cp` creates it, truncates what was there, writes, closes; a package
// manager writes beside it and renames. Reading it in between gives half a file. So a change counts
// only when nothing more has happened for kRest and nothing that was written to is still open for
// writing (inotify tells of the close). A writer that never closes holds the change up for kMaxWait
// at most; half a file is then refused by its checks, and its close is one more change.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::app {

/// [control]
class PluginWatcher {
  public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::milliseconds kRest{300};
    static constexpr std::chrono::milliseconds kMaxWait{60'000};
    /// How often a directory that is not there is looked for.
    static constexpr std::chrono::milliseconds kMissing{1'000};

    PluginWatcher() = default;
    ~PluginWatcher();
    PluginWatcher(const PluginWatcher&) = delete;
    PluginWatcher& operator=(const PluginWatcher&) = delete;

    /// Watches these directories and no others; none = nothing is watched. One that is not there is
    /// looked for until it is. Empty = done; else the text says why nothing can be watched.
    std::string watch(const std::vector<std::filesystem::path>& directories);
    /// Readable when something happened; -1 while nothing is watched.
    int descriptor() const { return inotify_; }
    /// Takes in what happened.
    void read(Clock::time_point now);
    /// When settled() is to be asked next; nullopt = when descriptor() is readable.
    std::optional<Clock::time_point> due() const;
    /// True once for a change that has come to rest.
    bool settled(Clock::time_point now);

  private:
    using Name = std::pair<int, std::string>;  ///< watch and file name

    void close();
    bool add(const std::filesystem::path& directory);
    void took(int watch, std::uint32_t mask, std::string_view name, Clock::time_point now);
    void changed(Clock::time_point now);

    int inotify_ = -1;
    std::map<int, std::filesystem::path> watches_;
    std::set<std::filesystem::path> missing_;
    Clock::time_point look_again_{};
    std::set<Name> open_;  ///< written to and not closed
    std::optional<Clock::time_point> first_;
    Clock::time_point last_{};
};

}  // namespace patchbay::app
