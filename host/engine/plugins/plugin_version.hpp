// What a PluginSet holds of one plugin: the version that serves, and the one that is on trial.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "engine/plugins/canary.hpp"
#include "engine/plugins/plugin.hpp"
#include "engine/plugins/provider_rows.hpp"

namespace patchbay {

/// A loaded file with the provider rows that lay beside it.
struct PluginVersion {
    std::shared_ptr<const Plugin> plugin;
    std::filesystem::path file;  ///< as found
    ProviderRows rows;           ///< `plugin` and `component` are set
};

struct PluginEntry {
    PluginVersion serving;
    std::optional<PluginVersion> canary;  ///< a newer version on trial
    std::shared_ptr<CanaryTrial> trial;   ///< set with `canary`
    bool file_gone = false;               ///< kept because the configuration needs it
    /// A version that was rolled back is not tried again as long as its file stays.
    std::string rolled_back_sha256;
    std::string rolled_back_why;

    const std::string& id() const { return serving.plugin->manifest().id; }
};

}  // namespace patchbay
