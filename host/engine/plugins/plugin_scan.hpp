// The files of the plugin directories: finding them, and what must be known of one before any of
// its code may run here.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <boost/system/result.hpp>

#include "config/config.hpp"
#include "engine/plugins/plugin_file.hpp"
#include "engine/plugins/trust.hpp"

namespace patchbay {

struct PluginScan {
    /// The *.so files in search and name order; a name that an earlier directory has is passed
    /// over.
    std::vector<std::filesystem::path> files;
    /// Directories that cannot be read: nothing is known of what is in them.
    std::set<std::filesystem::path> unreadable;
};

/// Directories that cannot be read become warnings, where `places` say that they are named.
PluginScan scan_plugin_directories(const std::vector<std::filesystem::path>& directories,
                                   const std::map<std::filesystem::path, Place>& places,
                                   std::vector<Problem>& problems);

/// inspect_plugin_file(), and whether the operator trusts the file, and what the manifest says of
/// settings and egress.
boost::system::result<PluginFile, std::string> inspect_candidate(const std::filesystem::path& file,
                                                                 const TrustPolicy& trust);

/// Loads private copies in a child process (probe.hpp). What is wrong with those that do not
/// survive that; if the child cannot be run, with all of them. Without a program nothing is tried.
/// Blocks.
std::map<std::filesystem::path, std::string> trial_load(
    const std::filesystem::path& program, const std::vector<std::filesystem::path>& copies);

}  // namespace patchbay
