// Where a process keeps what is to outlive it.
#pragma once

#include <filesystem>

namespace patchbay {

/// PATCHBAY_STATE_DIR, else $XDG_STATE_HOME/patchbay, else ~/.local/state/patchbay, which is made if
/// it is missing; where none can be had, a folder of the user's own among the temporary files. The
/// directory itself may not be there yet. Reads the environment: not beside a thread that changes it.
std::filesystem::path state_directory();

}  // namespace patchbay
