// Starting a child process that shares nothing with the gateway that it was not given.
#pragma once

#include <filesystem>
#include <spawn.h>
#include <sys/types.h>

namespace patchbay {

/// Starts `program` in a process group of its own, with default handling of all signals and none
/// blocked. `argv` and `environment` end with nullptr; `actions` stays the caller's. 0 and `pid`,
/// or an errno value. [any thread]
int spawn(const std::filesystem::path& program, const posix_spawn_file_actions_t& actions,
          char* const argv[], char* const environment[], pid_t& pid);

}  // namespace patchbay
