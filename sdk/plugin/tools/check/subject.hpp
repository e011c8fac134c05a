// What is checked: a plugin file and its transcripts, read but not loaded.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "contract/manifest/manifest.hpp"
#include "transcript.hpp"

namespace patchbay::check {

struct Subject {
    std::string path;
    std::string bytes;                 ///< of the file
    std::string manifest_text;         ///< of its section; empty if there is none
    std::string manifest_problem;      ///< why there is no `manifest`
    std::optional<Manifest> manifest;  ///< parsed
    std::vector<transcript::Transcript> transcripts;
    std::uint64_t seed = 1;
};

/// Throws std::runtime_error if the plugin or a transcript cannot be read. A file that is read but
/// is no plugin is a subject: its tests fail.
Subject read_subject(const std::string& path, const std::vector<std::string>& transcripts,
                     std::uint64_t seed);

}  // namespace patchbay::check
