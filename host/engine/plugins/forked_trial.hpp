// One plugin file tried in a process of its own, by a process that runs no code of any plugin.
#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace patchbay {

/// Makes the calling process the one that processes left behind come to, however they left their
/// parents, and that learns of the end of its children from their signal. Once, before the first
/// trial, and with one thread only.
void prepare_for_trials();

/// Runs `attempt` in a fork of this process. Empty if it returned an empty text in time and left no
/// process behind; else what is wrong: its text, "crashed on load: signal 11 (Segmentation fault)",
/// "did not finish loading within 5 s", "leaves a process behind", ... Whatever the attempt does,
/// it costs `limit` and two seconds at most, and of what it started nothing runs on; what it writes
/// into descriptors that it finds is not taken for its result. In the fork `close_first` is closed.
std::string try_in_fork(std::chrono::milliseconds limit, int close_first,
                        const std::function<std::string()>& attempt);

/// "5 s", "1500 ms".
std::string duration_text(std::chrono::milliseconds duration);

}  // namespace patchbay
