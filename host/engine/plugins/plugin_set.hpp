// The plugins of one snapshot: what was found in the plugin directories, checked and loaded.
//
// Loading has two problems: a file that is not a plugin (or is one for another ABI) must be told
// from a good one without running any of its code, and a file whose code crashes on load must not
// take the gateway with it. So the manifest is read from the ELF file itself, and each file is
// first loaded and initialised in a child process (probe.hpp); only what survives that is mapped
// here, from a private copy, because overwriting a mapped file kills the process that has it
// mapped. How one set follows another is in plugin_update.hpp.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "config/config.hpp"
#include "config/loader.hpp"
#include "contract/manifest/manifest.hpp"
#include "engine/plugins/home.hpp"
#include "engine/plugins/instance.hpp"

namespace patchbay {

/// A plugin file that is loaded and initialised. Immutable; never unmapped (docs/abi.md,
/// "Unloading").
class Plugin;
struct PluginEntry;
class Retirement;
struct SettingFile;

/// Where a model prefix leads: a component, and what it needs to reach its provider.
struct ProviderRow {
    std::string prefix;  ///< "groq", as in "groq/llama-3"
    const Plugin* plugin = nullptr;
    const ManifestComponent* component = nullptr;
    std::string base_url;  ///< the provider's own; may be empty (then api_base is required)
    std::vector<std::string> api_key_env;  ///< first one set wins
    std::vector<std::string> api_base_env;
    boost::json::object row;  ///< the data row, for the plugin's config; empty without a table
    std::optional<ManifestOperations> operations;  ///< the row's own; nothing = the component's

    /// Ids of what this provider can be asked; empty if nobody says.
    const std::vector<std::string>& spoken() const {
        return operations ? operations->ids : component->operations;
    }
    /// Which models those are for that are not for all.
    const std::map<std::string, ManifestModels, std::less<>>& limits() const {
        return operations ? operations->models : component->operation_models;
    }
};

/// A component that the configuration names by itself, such as a guardrail.
struct ComponentRef {
    const Plugin* plugin = nullptr;
    const ManifestComponent* component = nullptr;
};

/// One line of `patchbay plugins`.
struct PluginInfo {
    std::string id;
    std::string version;
    std::string file;    ///< as found, not the private copy
    std::string sha256;  ///< lower-case hex of the file
    std::vector<ManifestComponent> components;
};

struct PluginSetOptions {
    std::vector<std::filesystem::path> directories;
    /// Where the configuration names a directory, for messages.
    std::map<std::filesystem::path, Place> directory_places{};
    /// Private copies go here; made with mode 0700 if missing.
    std::filesystem::path cache_directory;
    /// The program to run as "<program> plugin-probe FILE..." for the trial load. Empty = no trial
    /// (tests).
    std::filesystem::path probe_program;
    /// Files are mapped when they are first needed also if there was no trial: for a program that
    /// uses few of many plugins and takes them as they are.
    bool map_late = false;
    /// Where plugins with `isolation: process` run; may be empty if there are none.
    MakeHome make_home{};
    PluginSettings settings;
    /// Where plugins and instances end; null = where their last reference is dropped (tests).
    std::shared_ptr<Retirement> retirement;
    /// Called on any thread, once per trial that failed (canary.hpp); must not block.
    std::function<void()> trial_failed = [] {};
};

/// Immutable once loaded; read from any thread. create_instance() is [control]: one thread at a
/// time.
class PluginSet {
  public:
    ~PluginSet();

    /// Loads every *.so of the directories, in name order. A file that cannot be used becomes one
    /// problem and is left out; so does a second file with an id, or a prefix, already taken. Never
    /// throws for what a file holds.
    static std::shared_ptr<PluginSet> load(const PluginSetOptions& options,
                                           std::vector<Problem>& problems);

    /// A set of plugins that are loaded and do not conflict. Operator's rows and settings that do
    /// not fit them become problems.
    static std::shared_ptr<PluginSet> assemble(const PluginSetOptions& options,
                                               std::vector<PluginEntry> entries,
                                               std::vector<Problem>& problems);

    /// Breakers and time budgets as the settings say (containment.hpp), for the calls of every set
    /// that has these generations. To be done when the set is put to use.
    void apply_options() const;

    const std::vector<PluginEntry>& entries() const;
    const PluginSettings& settings() const;

    /// nullptr if no plugin serves the prefix. The row lives as long as the set.
    const ProviderRow* provider(std::string_view prefix) const;
    /// All rows by prefix.
    const std::map<std::string, ProviderRow, std::less<>>& providers() const;
    /// The plugin of a row, if a newer version of it is on trial; else nullptr.
    const PluginEntry* on_trial(const ProviderRow& row) const;
    /// What provider() would be if every version on trial had taken over.
    const ProviderRow* trial_provider(std::string_view prefix) const;
    /// The versions that serve.
    std::vector<PluginInfo> list() const;

    /// Makes an instance for a row: takes the operator's settings of the component, and what they
    /// lack from the variables that the manifest names; checks them against its schema, adds
    /// "prefix" and "row", calls the plugin. nullptr and at least one error in `problems` on
    /// failure.
    std::shared_ptr<const Instance> create_instance(const ProviderRow& row,
                                                    const Environment& environment,
                                                    std::vector<Problem>& problems) const;

    /// The files that settings of these instances name, as they were when they were last read.
    /// [control]
    const std::vector<SettingFile>& setting_files() const;

    /// The component of this kind whose id, or one of whose other names, is `name`; an id goes
    /// before a name. Lives as long as the set.
    std::optional<ComponentRef> component(std::string_view kind, std::string_view name) const;
    /// The names under which components of a kind can be had, sorted, for messages.
    std::vector<std::string> names(std::string_view kind) const;

    /// Makes an instance of a component for the operator's `name` of it: lays `given` over the
    /// settings of the component (`plugins.settings`), takes members that are still missing from
    /// the variables that the manifest names, fills in defaults, checks, calls the plugin. nullptr
    /// and at least one error at `place` in `problems` on failure.
    std::shared_ptr<const Instance> create_instance(
        const ComponentRef& component, const std::string& name, const boost::json::object& given,
        const Environment& environment, const Place& place, std::vector<Problem>& problems) const;

  private:
    PluginSet();
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace patchbay
