// What the tests of the player share: exchanges of the fixtures, and what must come of them.
#pragma once

#include <ostream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compare.hpp"
#include "player.hpp"

namespace patchbay::transcript {

struct Case {
    const char* name;
    const char* plugin;  ///< of tests/plugins/fixtures
    std::string text;
    std::string wrong;  ///< part of the first difference; empty: as expected
};

inline void PrintTo(const Case& one, std::ostream* out) {
    *out << one.name;
}

inline PluginFile load(const std::string& fixture) {
    return PluginFile(std::string(PATCHBAY_FIXTURE_DIR) + "/" + fixture + ".so");
}

/// What the parser says is wrong with a file of this text, "f"; or "none".
inline std::string fault_of(const std::string& text) {
    try {
        parse_transcript(text, "f");
    } catch (const FileError& e) {
        return e.what();
    }
    return "none";
}

/// What is wrong with any way of playing it, the first first.
inline std::string first_problem(PluginFile& file, const Transcript& transcript) {
    const Run whole = play(file, transcript, {});
    const auto lines = compare(transcript, whole);
    if (!lines.empty()) return lines.front();
    for (const Cuts& cuts : all_cuts(transcript, 3)) {
        const Run run = play(file, transcript, cuts);
        std::string d = difference(whole, run, true);
        for (const std::string& line : compare(transcript, run)) d += line;
        if (!d.empty()) return describe(cuts) + ": " + d;
    }
    return {};
}

inline void expect_as_told(const Case& one) {
    PluginFile file = load(one.plugin);
    const std::string problem = first_problem(file, parse_transcript(one.text, "f"));
    if (one.wrong.empty()) {
        EXPECT_EQ(problem, "");
    } else {
        EXPECT_THAT(problem, ::testing::HasSubstr(one.wrong));
    }
}

}  // namespace patchbay::transcript
