// The snapshots that a client's calls run in: the one of its configuration, and those that are made
// for calls which say themselves what deployment they mean.
//
// A deployment that was made for a call serves the next one that says the same, so a loop over one
// model costs a look into a map. What it was made from besides the call are variables of the
// environment; their values are remembered and compared, so that a key which changes is used.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "contract/error.hpp"
#include "engine/plugins/retirement.hpp"
#include "engine/world/snapshot.hpp"
#include "request_parts.hpp"

namespace patchbay::client {

/// Where the client's plugins and configuration are.
struct WorldOptions {
    std::string config;       ///< YAML text; empty: none
    std::string config_file;  ///< its path, if it is in a file
    std::vector<std::string> plugin_directories;
    /// The configuration holds settings, and calls name their own deployments.
    bool settings_only = false;
};

/// Any thread; one at a time makes a world, and the environment is read on the thread that asks.
class Worlds {
  public:
    /// Worlds that are kept for other calls which say the same.
    static constexpr std::size_t kMostKept = 128;

    ~Worlds();
    /// Loads the plugins and the configuration. nullptr after `problems` were told.
    static std::unique_ptr<Worlds> open(const WorldOptions& options,
                                        std::vector<Problem>& problems);

    /// The client was opened without a configuration, or with one that holds settings alone.
    bool ad_hoc() const { return ad_hoc_; }
    /// That of the configuration; without one it serves nothing.
    const std::shared_ptr<const Snapshot>& base() const { return base_; }
    /// The world for a request: that of the configuration, or one in which its model is served as it
    /// says. The Error (400) is for who calls.
    Result<std::shared_ptr<const Snapshot>> world_for(const RequestParts& parts);

  private:
    using Variables = std::vector<std::pair<std::string, std::optional<std::string>>>;
    struct Made {
        std::string key;
        std::shared_ptr<const Snapshot> world;
        Variables variables;
    };

    Worlds() = default;
    Result<Made> make(std::string key, const RequestParts& parts) const;

    bool ad_hoc_ = false;
    std::shared_ptr<const Snapshot> base_;
    std::shared_ptr<Retirement> retirement_;
    std::mutex mutex_;
    std::list<Made> made_;  ///< the last used first
    std::unordered_map<std::string_view, std::list<Made>::iterator> by_key_;
};

}  // namespace patchbay::client
