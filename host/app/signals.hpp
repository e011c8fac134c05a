// The signals the process waits for instead of handling them, and those that it passes over.
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

/// Those by which other servers are told to open their logs anew (nginx, gunicorn): whoever sends
/// them must not end the process with all it has under way.
inline void pass_over_signals() {
    for (const int signal : {SIGUSR1, SIGUSR2}) std::signal(signal, SIG_IGN);
}

}  // namespace patchbay::app
