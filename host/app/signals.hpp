// The signals the process waits for instead of handling them.
#pragma once

#include <csignal>

namespace patchbay::app {

/// Blocked in every thread.
inline sigset_t awaited_signals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
    return set;
}

}  // namespace patchbay::app
