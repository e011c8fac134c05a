// The private copies of plugin files, which are what is mapped.
//
// Overwriting a mapped file in place, as plain `cp` does, changes code under a running process; so
// every version is copied under a name that holds its hash. Several gateways of one user share the
// directory. Who uses a copy holds a shared lock (flock) on it for as long as the process may have
// it mapped, and a copy that nobody has locked is nobody's: it can go. The kernel drops the locks
// of a process however that ends.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <boost/system/result.hpp>

#include "engine/plugins/plugin_file.hpp"

namespace patchbay {

/// An open file with a lock on it; both end with the object.
class LockedFile {
  public:
    explicit LockedFile(int fd) : fd_(fd) {}
    ~LockedFile();
    LockedFile(const LockedFile&) = delete;
    LockedFile& operator=(const LockedFile&) = delete;

  private:
    int fd_;
};

/// Makes the private copy "<id>-<version>-<first 12 of the hash>.so" in `directory` (made with mode
/// 0700 if missing), complete or not at all, locks it, and sets `plugin.copy` and `plugin.lock`. A
/// copy that is there already and has the right content is used as it is. On failure the text says
/// why.
boost::system::result<void, std::string> make_private_copy(PluginFile& plugin,
                                                           const std::filesystem::path& directory);

/// Removes the copies that no live process has locked, and temporary files that a killed process
/// left more than an hour ago. What cannot be removed stays. A copy is never taken from a process
/// that is about to map it: make_private_copy() looks again once it has the lock.
void prune_private_copies(const std::filesystem::path& directory);

}  // namespace patchbay
