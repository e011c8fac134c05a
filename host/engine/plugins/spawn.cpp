#include "engine/plugins/spawn.hpp"

#include <csignal>

namespace patchbay {

int spawn(const std::filesystem::path& program, const posix_spawn_file_actions_t& actions,
          char* const argv[], char* const environment[], pid_t& pid) {
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    const int error =
        ::posix_spawn(&pid, program.c_str(), &actions, &attributes, argv, environment);
    posix_spawnattr_destroy(&attributes);
    return error;
}

}  // namespace patchbay
