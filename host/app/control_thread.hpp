// The thread that waits: for signals, for what the admin API asks, for changes of the plugin
// directories, for generations that can go. Everything that changes the world happens here, one
// thing after the other, and nothing of it on an event loop of the data plane: files are read,
// children are waited for, and plugins' code runs that takes its time.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/mailbox.hpp"
#include "app/plugin_watcher.hpp"
#include "app/spend_retention.hpp"
#include "app/world_keeper.hpp"
#include "gateway/plugin_control.hpp"
#include "gateway/server.hpp"
#include "store/key_reader.hpp"

namespace patchbay::control {

class Service;

}  // namespace patchbay::control

namespace patchbay::app {

/// Outlives the server whose workers give it commands.
class ControlThread final : public gateway::PluginControl {
  public:
    /// Throws std::system_error if the process has no descriptors left.
    ControlThread(const Options& options, const Places& places);
    ~ControlThread() override;

    /// The first world, for the server to start with; nullptr if the configuration cannot be used.
    /// What is wrong with it was logged.
    std::shared_ptr<const Snapshot> start();
    /// Does what is asked until SIGTERM or SIGINT comes; both, and SIGHUP, must be blocked.
    void run(gateway::Server& server);
    /// Told of the master key of each world from now on; must outlive run(). Before run().
    void set_plane(control::Service* plane) { plane_ = plane; }

    /// Told likewise how long entries of the books are kept.
    void set_retention(SpendRetention* retention) { retention_ = retention; }

    /// Who reads the books, for what each world must know of them, the first one, too. Before run().
    void set_books(store::KeyReader books, const Snapshot& first);

    bool submit(gateway::PluginCommand command, std::string plugin,
                std::function<void(Answer)> done) override;
    const ReloadFailures& failures() const override { return keeper_->failures(); }

  private:
    Answer carry_out(gateway::PluginCommand command, const std::string& plugin);
    Answer answer_of(const WorldChange& change);
    void reload();
    void watched_change();
    void look_at_files();
    /// What its budgets have spent before; run() comes back to what cannot be read now.
    void seed(const Snapshot& snapshot);
    /// Puts the new world to use, if there is one, and logs what changed.
    void use(const WorldChange& change);
    void watch(const PluginSettings& settings,
               const std::vector<std::filesystem::path>& directories);

    Mailbox mailbox_;
    std::shared_ptr<Retirement> retirement_;
    PluginWatcher watcher_;
    PluginWatcher::Clock::time_point looked_{};  ///< when look_at_files() last looked
    std::unique_ptr<WorldKeeper> keeper_;
    gateway::Server* server_ = nullptr;
    control::Service* plane_ = nullptr;
    SpendRetention* retention_ = nullptr;
    std::optional<store::KeyReader> books_;
    std::optional<PluginWatcher::Clock::time_point> seed_at_;  ///< some budgets are unknown
};

}  // namespace patchbay::app
