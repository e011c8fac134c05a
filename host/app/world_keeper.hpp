// The world that is served, and how the next one follows it.
//
// Two things change it: the configuration (SIGHUP) and the plugin files (SIGHUP, the admin API, the
// watcher). They fail differently. A configuration is one whole: if it has an error, all of the old
// world stays. Plugins are decided one by one: what is wrong with one file leaves that plugin as it
// was. A new version may load well and still be wrong for this configuration (it refuses its
// settings, or no longer provides what a model needs), so the world is first built with all
// changes, and only if that fails with one after the other, to find those that have to be taken
// back.
//
// What is left out of a world (a log sink without its keys, say) is a warning, and the rest serves;
// with Options::strict it is an error. A reload must not take a lock away: reload_guard.hpp.
//
// A look at the plugins alone uses the configuration that is in use, as it was read; the file is
// not read, so it may be half edited.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/options.hpp"
#include "app/world_builder.hpp"
#include "engine/plugins/plugin_update.hpp"
#include "engine/plugins/reload_failures.hpp"
#include "engine/plugins/retirement.hpp"

namespace patchbay::app {

/// What came of an attempt to make the next world.
struct WorldChange {
    std::shared_ptr<const Snapshot> snapshot;  ///< nullptr: the world before stays
    std::vector<PluginChange> changes;
    std::vector<Problem> problems;
};

/// [control], but for failures().
class WorldKeeper {
  public:
    struct Hooks {
        /// On any thread: roll_back_failed() has something to do.
        std::function<void()> trial_failed = [] {};
        /// The plugin directories of this configuration are about to be read.
        std::function<void(const PluginSettings&, const std::vector<std::filesystem::path>&)>
            before_look = [](const auto&, const auto&) {};
    };
    WorldKeeper(const Options& options, const Places& places,
                std::shared_ptr<Retirement> retirement, Hooks hooks);

    /// The first world.
    WorldChange start();
    /// The configuration again, and the plugins unless it says `reload: off`.
    WorldChange reload();
    /// The plugins again.
    WorldChange reload_plugins();
    /// The same plugins again with what stands in the files that their settings name; nullopt if none of
    /// these has changed.
    std::optional<WorldChange> reload_files();
    /// Whether there are such files.
    bool has_files() const;
    /// nullopt if no version of the plugin is on trial.
    std::optional<WorldChange> promote(const std::string& plugin);
    std::optional<WorldChange> roll_back(const std::string& plugin, const std::string& why);
    /// Rolls a version back whose trial has failed; nullopt if there is none.
    std::optional<WorldChange> roll_back_failed();

    /// The world in use; nullptr before start().
    const std::shared_ptr<const Snapshot>& current() const { return current_; }
    /// Where its plugins are looked for.
    std::vector<std::filesystem::path> directories() const;
    const PluginSettings& plugin_settings() const { return running_.config->plugins; }
    const ReloadFailures& failures() const { return failures_; }

  private:
    struct Built;
    WorldChange from_file();
    std::vector<Problem> what_else_is_wrong(const LoadedConfig& loaded) const;
    Built build(const LoadedConfig& loaded, const PluginUpdate& update) const;
    WorldChange change(LoadedConfig loaded, PluginUpdate update);
    Built without_what_fails(const LoadedConfig& loaded, PluginUpdate& update, Built all);
    PluginSetOptions plugin_options(const Config& config) const;
    void note(const PluginChange& change);

    const Options& options_;
    const Places& places_;
    std::shared_ptr<Retirement> retirement_;
    Hooks hooks_;
    LoadedConfig running_;  ///< as read, without what is built in
    std::shared_ptr<const Snapshot> current_;
    std::uint64_t generation_ = 0;
    ReloadFailures failures_;
};

}  // namespace patchbay::app
