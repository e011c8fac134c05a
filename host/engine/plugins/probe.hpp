// The trial load: plugin files are first loaded in a child process, because a constructor that
// crashes or hangs cannot be contained in this one.
//
// The child is "<program> plugin-probe FILE...". It says on its standard output when it begins
// ("ready") and when it is done with a file ("done", or "wrong" and why it cannot be loaded), so if
// it dies or gets stuck, the file in hand is the culprit, and the others are tried again without
// it. Tested by probe_test.cpp.
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
    /// For one file. Beyond it the child is killed.
    std::chrono::milliseconds time_limit{5000};
};

/// Tries all files in as few children as possible: one, and one more for each bad file. Returns
/// what is wrong with those that cannot be loaded, as Plugin::load() would say it, and those that
/// took the child down ("crashed on load: signal 11 (Segmentation fault)", "did not finish loading
/// within 5 s"); files that are not in the map may be loaded. The failure is that the program
/// cannot be run or is not Patchbay; nothing is known of the files then. Blocks.
boost::system::result<std::map<std::filesystem::path, std::string>, std::string> probe_plugins(
    const ProbeOptions& options, const std::vector<std::filesystem::path>& files);

/// Of a line of the child; the rest is dropped.
inline constexpr std::size_t kMaxProbeLine = 4096;

/// The child's side, for main(): loads, initialises and deinitialises each file in turn, then ends
/// the process with exit code 0, whatever it thought of the files. Returns, with an exit code for
/// main(), only if it could not begin.
int run_plugin_probe(const std::vector<std::string>& files);

}  // namespace patchbay
