// patchbay-transcript FILE.so TRANSCRIPT...: plays recorded exchanges against a plugin.
// patchbay-transcript --write FILE.so TRANSCRIPT: prints the transcript with the expectations that
// the plugin fulfils. See docs/transcripts.md. Exit status: 0 all as expected, 1 differences, 2
// wrong usage or unreadable file.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <string>

#include "compare.hpp"
#include "player.hpp"
#include "write.hpp"

namespace patchbay::transcript {
namespace {

constexpr std::uint32_t kRandomRuns = 8;

// Every way of playing one transcript. Prints what is wrong.
bool check(PluginFile& file, const std::string& path) {
    const Transcript transcript = read_transcript(path);
    const Run whole = play(file, transcript, {});
    bool good = true;
    for (const std::string& line : compare(transcript, whole)) {
        std::printf("%s\n", line.c_str());
        good = false;
    }
    std::size_t runs = 1;
    const auto same = [&](Cuts cuts, const std::string& how) {
        const Run run = play(file, transcript, cuts);
        ++runs;
        const bool cut = cuts.kind != Cuts::whole;
        std::string wrong = difference(whole, run, cut);
        // What a blocked stream may release at most is known to the expectations alone.
        if (wrong.empty() && cut && good) {
            for (const std::string& line : compare(transcript, run)) wrong += "\n  " + line;
        }
        if (wrong.empty()) return;
        good = false;
        std::printf("%s: %s: %s\n", path.c_str(), how.c_str(), wrong.c_str());
    };
    same({}, "played again");
    for (const Cuts& cuts : all_cuts(transcript, kRandomRuns)) same(cuts, describe(cuts));
    for (std::size_t events = 0; events < whole.events; ++events, ++runs) {
        play(file, transcript, {Cuts::random, static_cast<std::uint32_t>(events)}, events);
    }
    if (!good) {
        for (const std::string& line : whole.log) std::printf("  plugin log: %s\n", line.c_str());
    }
    std::printf("%s: %s (%zu actions, %zu events, %zu runs)\n", path.c_str(),
                good ? "ok" : "FAILED", whole.actions.size(), whole.events, runs);
    return good;
}

void write(PluginFile& file, const std::string& path) {
    const Transcript transcript = read_transcript(path);
    // Windows as small as can be show how much of a stream is released before it is blocked.
    const bool streamed =
        std::any_of(transcript.steps.begin(), transcript.steps.end(),
                    [](const Step& step) { return std::holds_alternative<StreamText>(step); });
    const Run run = play(file, transcript, {streamed ? Cuts::every_byte : Cuts::whole, 0});
    std::ifstream stream(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    const std::string written = with_expectations(text, run);
    std::fwrite(written.data(), 1, written.size(), stdout);
}

int run(int count, char** arguments) {
    const bool help = count > 1 && (std::string_view(arguments[1]) == "--help" ||
                                    std::string_view(arguments[1]) == "-h");
    const bool writes = count > 1 && std::string(arguments[1]) == "--write";
    if (help || count < 3 || (writes && count != 4)) {
        std::fprintf(help ? stdout : stderr,
                     "usage: patchbay-transcript PLUGIN.so TRANSCRIPT...\n"
                     "       patchbay-transcript --write PLUGIN.so TRANSCRIPT\n");
        return help ? 0 : 2;
    }
    try {
        if (writes) {
            PluginFile file(arguments[2]);
            write(file, arguments[3]);
            return 0;
        }
        PluginFile file(arguments[1]);
        bool good = true;
        for (int i = 2; i < count; ++i) good = check(file, arguments[i]) && good;
        return good ? 0 : 1;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 2;
    }
}

}  // namespace
}  // namespace patchbay::transcript

int main(int count, char** arguments) {
    return patchbay::transcript::run(count, arguments);
}
