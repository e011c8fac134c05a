// From one set of plugins to the next: what a look at the directories found against what is loaded.
//
// A reload must never cost a plugin that works. So each plugin is decided by itself: an unchanged
// file keeps its loaded generation, a changed one is loaded as the next generation, and whatever is
// wrong with a file leaves that plugin, and only that, as it was. Whether the configuration can be
// served by the new versions shows only when the world is built with them; so every change can be
// taken back one by one. Tested by plugin_update_test.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/plugins/plugin_set.hpp"
#include "engine/plugins/plugin_version.hpp"

namespace patchbay {

/// What becomes of one plugin, or of one file.
struct PluginChange {
    enum class Kind { kept, loaded, replaced, on_trial, promoted, rolled_back, removed, failed };
    Kind kind = Kind::kept;
    std::string plugin;          ///< id; empty if the file did not get so far as to tell it
    std::filesystem::path file;  ///< as found; of a plugin whose file is gone, where it was
    std::string why;             ///< of a failure; else a remark, or empty
    std::optional<PluginEntry> before;
    std::optional<PluginEntry> after;

    /// Can the world be built without it?
    bool can_be_taken_back() const;
    /// Of the version that serves when the change is made; 0 = none.
    std::uint64_t generation() const;
};

/// "kept", "loaded", ... as the admin API and the log say it.
std::string_view change_name(PluginChange::Kind kind);

class PluginUpdate {
  public:
    /// Reads every file of the directories and loads what is new. `before` may be null. Blocks; the
    /// code of plugins runs. [control]
    static PluginUpdate look(const PluginSetOptions& options, const PluginSet* before);
    /// Reads no plugin file: the same plugins for another configuration.
    static PluginUpdate keep(const PluginSet& before);
    /// The version on trial takes over. nullopt if `id` has none.
    static std::optional<PluginUpdate> promote(const PluginSet& before, const std::string& id);
    /// The version on trial is given up for the reason `why`. nullopt if `id` has none.
    static std::optional<PluginUpdate> roll_back(const PluginSet& before, const std::string& id,
                                                 const std::string& why);

    std::vector<PluginChange>& changes() { return changes_; }
    const std::vector<PluginChange>& changes() const { return changes_; }
    /// Warnings about files; what became of changes is not among them.
    const std::vector<Problem>& problems() const { return problems_; }

    /// The set with all changes made.
    std::shared_ptr<PluginSet> assemble(const PluginSetOptions& options,
                                        std::vector<Problem>& problems) const;

  private:
    std::vector<PluginChange> changes_;
    std::vector<Problem> problems_;
};

/// A failed change, or a plugin whose file is gone, as a warning about the file that says what goes
/// on without it; else nullopt.
std::optional<Problem> problem_of(const PluginChange& change);

/// Makes `change` one that failed: the plugin stays as it was.
void take_back(PluginChange& change, const std::string& why);

}  // namespace patchbay
