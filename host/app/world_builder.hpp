// From files and flags to a snapshot: what serve, check and reload share.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "app/options.hpp"
#include "config/loader.hpp"
#include "engine/isolation/isolated_plugin.hpp"
#include "engine/world/snapshot.hpp"

namespace patchbay::app {

/// Where this process's files are, and what makes its plugin processes.
struct Places {
    std::filesystem::path program;       ///< the running binary
    std::filesystem::path plugins;       ///< the default plugin directory
    std::filesystem::path plugin_cache;  ///< private copies of plugin files
    std::filesystem::path log_spool;     ///< log records that are not delivered yet
    std::filesystem::path ledger;        ///< what calls cost and is not in the books yet
    std::filesystem::path control;       ///< where the control plane's socket is
    std::shared_ptr<isolation::ForkServer> fork_server;
};
Places find_places();

/// The configuration that the options name: the file, or one made of flags; without either, the
/// built-in demo model and `<provider>/*` for every provider whose key is in the environment.
LoadedConfig read_config(const Options& options);

/// Where the plugins that a configuration asks for are, and how they are loaded.
PluginSetOptions plugin_set_options(const Config& config, const Places& places);

/// Adds to a configuration without a file what the loaded plugins and the environment offer.
void add_built_in_models(Config& config, const PluginSet& plugins, const Environment& environment);

/// True if the options name neither a file nor a model.
bool is_built_in(const Options& options);

}  // namespace patchbay::app
