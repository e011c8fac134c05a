// The main file and the files that it includes, as one list of top-level sections.
#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/problems.hpp"
#include "config/yaml_node.hpp"

namespace patchbay {

/// Owns the documents; the sections point into them.
struct MergedFiles {
    std::vector<std::unique_ptr<yaml::Document>> documents;
    std::deque<yaml::Node> joined;  ///< lists that several files add to
    std::vector<yaml::Member> sections;
    std::vector<yaml::Member> replaced;  ///< sections that a later one of the same name replaced

    /// The section of this name, or null.
    const yaml::Member* find(std::string_view name) const;
};

/// A file's text, or nullopt after reporting at `place` why there is none. Only regular files of
/// bounded size are read, so a pipe or a device cannot hold up the start.
std::optional<std::string> read_text(const std::filesystem::path& file, const Place& place,
                                     Problems& problems);

/// Parses `text` and what its `include` names, relative to `directory`. LiteLLM's rule: lists of an
/// included file are appended, other values replace those before them; an included file's own
/// `include` is not followed.
MergedFiles merge_files(std::string_view text, const std::string& name,
                        const std::filesystem::path& directory, Problems& problems);

}  // namespace patchbay
