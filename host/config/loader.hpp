// Reads LiteLLM's config.yaml into a Config and says everything that is wrong with it at once.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace patchbay {

/// Looks up an environment variable; nullopt = not set. Called on the loading thread only.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// The process's own environment.
Environment process_environment();

struct LoadedConfig {
    std::optional<Config> config;  ///< set if there is no error among the problems
    /// What could be read in spite of errors: good for nothing but finding what else is wrong. Not
    /// set with `config`, nor if the file as such cannot be read or is wrong about plugins.
    std::optional<Config> draft;
    bool half_read = false;          ///< entries that are wrong are not in the draft
    std::vector<Problem> problems;   ///< in file order
    std::vector<std::string> files;  ///< the main file and those it includes, as in places
    /// `environment_variables` of the file over the environment that was given, values without
    /// white space at their ends: what providers' key variables are looked up in. The process's
    /// environment is not changed.
    Environment environment;
};

/// Reads `file` and what it includes. Never throws; an unreadable file is a problem like any other.
LoadedConfig load_config(const std::filesystem::path& file, const Environment& environment);

/// The same for text that is already in memory; `name` stands in messages. `include` is relative to
/// the current directory.
LoadedConfig load_config_text(std::string_view text, const std::string& name,
                              const Environment& environment);

}  // namespace patchbay
