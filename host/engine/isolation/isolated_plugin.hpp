// A plugin that runs in processes of its own: one for each event loop that uses it, so that loops
// stay independent of each other and a crash takes down one loop's calls of this plugin at most.
//
// While a configuration is loaded, one process is started on the spot (this is also its trial
// load): it loads the file and makes the instances, so that what is wrong with them is told then.
// The first loop that needs a process takes it over; the others start theirs when they first need
// one.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/system/result.hpp>

#include "engine/isolation/child_process.hpp"
#include "engine/isolation/fork_server.hpp"
#include "engine/plugins/home.hpp"
#include "engine/plugins/plugin_file.hpp"

namespace patchbay::isolation {

struct IsolationOptions {
    /// Needed if a plugin is isolated. One for the whole program: it outlives configurations.
    std::shared_ptr<ForkServer> fork_server;
    /// For loading the file, and for making an instance.
    std::chrono::milliseconds start_limit{5000};
};

/// What a process is started from. Shared between the plugin and the loops; thread-safe.
class ChildSpec {
  public:
    ChildSpec(IsolationOptions given, const PluginFile& plugin)
        : options(std::move(given)),
          file(plugin.copy),
          plugin_id(plugin.manifest.id),
          sha256(plugin.sha256) {}

    const IsolationOptions options;
    const std::filesystem::path file;
    const std::string plugin_id;
    const std::string sha256;

    /// Instances so far; ids count from 0.
    std::vector<InstanceSpec> instances() const;
    std::uint32_t add(InstanceSpec instance);

  private:
    mutable std::mutex mutex_;
    std::vector<InstanceSpec> instances_;
};

/// Lets a plugin reach a loop that may be gone.
struct LoopLink {
    std::mutex mutex;
    boost::asio::io_context* io = nullptr;  ///< nullptr once the loop is being destroyed
};

/// start() and create() are [control] and block, each for the start limit at most. After one
/// create() that took so long those of the next kRestAfterHang fail at once, so that a file costs a
/// start no more than two start limits, however many instances of it are configured. The rest is
/// thread-safe. Destroying it ends its processes.
class IsolatedPlugin final : public Home {
  public:
    static constexpr std::chrono::seconds kRestAfterHang{30};

    /// Loads the file in a process. On failure the text says what is wrong with it.
    static boost::system::result<std::unique_ptr<IsolatedPlugin>, std::string> start(
        const IsolationOptions& options, const PluginFile& file);
    ~IsolatedPlugin() override;
    IsolatedPlugin(const IsolatedPlugin&) = delete;
    IsolatedPlugin& operator=(const IsolatedPlugin&) = delete;

    boost::system::result<std::uint32_t, bay_status> create(InstanceSpec instance,
                                                            Diagnostics& diagnostics) override;

    const std::shared_ptr<ChildSpec>& spec() const { return spec_; }

    /// A process that is ready, with the instances 0 to `instances` - 1 made.
    struct Ready {
        ChildProcess process;
        std::uint32_t instances = 0;
    };
    /// The process of the start, for the first that asks.
    std::optional<Ready> take_ready();
    /// From now on the loop is told when the plugin goes.
    void add_loop(std::shared_ptr<LoopLink> link);

  private:
    explicit IsolatedPlugin(std::shared_ptr<ChildSpec> spec) : spec_(std::move(spec)) {}
    std::string start_process();

    std::shared_ptr<ChildSpec> spec_;
    std::mutex mutex_;
    std::optional<Ready> ready_;
    std::chrono::steady_clock::time_point hung_until_{};
    std::vector<std::shared_ptr<LoopLink>> loops_;
};

/// IsolatedPlugin::start() with these options.
MakeHome homes(IsolationOptions options);

/// The frame that makes an instance.
void write_create(std::string& to, std::uint32_t id, const InstanceSpec& instance);

}  // namespace patchbay::isolation
