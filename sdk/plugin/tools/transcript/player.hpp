// Drives a plugin through a transcript as the host would, and records what it does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "action.hpp"
#include "cuts.hpp"
#include "plugin_file.hpp"
#include "transcript.hpp"

namespace patchbay::transcript {

struct Run {
    std::vector<Action> actions;
    std::vector<Action> aside;     ///< in windows of a stream, where they depend on the cuts
    std::size_t events = 0;        ///< fed to the machine
    std::vector<std::string> log;  ///< what the plugin logged
};

/// Makes an instance, opens one machine, plays the transcript, closes both. After `max_events`
/// events the machine is closed wherever it stands. Throws std::runtime_error if no instance or
/// machine can be made.
Run play(PluginFile& file, const Transcript& transcript, Cuts cuts,
         std::size_t max_events = static_cast<std::size_t>(-1));

}  // namespace patchbay::transcript
