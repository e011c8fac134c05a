// The trial load: plugin files are first loaded in a child process, because a constructor that
// crashes or hangs cannot be contained in this one.
//
// The child is "<program> plugin-probe MILLISECONDS FILE...". It runs no code of a plugin either,
// but tries the files in a fork (forked_trial.hpp): first all of them together, and if anything is
// wrong then, each in a fork of its own, so that nothing that a file does is taken for another's
// fault. It says on its standard output when it begins ("ready"), when the first is over
// ("together") and when it is done with a file ("done", or "wrong" and why it cannot be loaded).
// Should it die or get stuck all the same, the file in hand is the culprit, and those behind it are
// tried by the next. Tested by probe_test.cpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <boost/system/result.hpp>

namespace patchbay {

struct ProbeOptions {
    std::filesystem::path program;
    /// For one file. Beyond it its process is killed.
    std::chrono::milliseconds time_limit{5000};
    /// For the program to begin. Nothing of a plugin runs until then: it only takes long where the
    /// machine is busy, which is no fault of the files.
    std::chrono::milliseconds begin_limit{60000};
};

/// Tries all files, one after the other. Returns what is wrong with those that cannot be loaded, as
/// Plugin::load() would say it, and those that did not come through it ("crashed on load: signal 11
/// (Segmentation fault)", "did not finish loading within 5 s", "leaves a process behind"); files
/// that are not in the map may be loaded. A file costs the time limit and four seconds at most,
/// whatever it does. The failure is that the program cannot be run, does not begin or is not Patchbay; nothing is
/// known of the files then. Blocks.
boost::system::result<std::map<std::filesystem::path, std::string>, std::string> probe_plugins(
    const ProbeOptions& options, const std::vector<std::filesystem::path>& files);

/// Of a line of the child; the rest is dropped.
inline constexpr std::size_t kMaxProbeLine = 4096;

/// The child's side, for main(), with the words behind "plugin-probe": loads, initialises and
/// deinitialises each file in turn, then ends the process with exit code 0, whatever it thought of
/// the files. Returns, with an exit code for main(), only if it could not begin. The calling thread
/// must be the only one.
int run_plugin_probe(const std::vector<std::string>& words);

}  // namespace patchbay
