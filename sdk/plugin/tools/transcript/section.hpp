// The sections a transcript file is made of, and how their words and texts are read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::transcript {

/// "== NAME WORDS..." and the lines up to the next such line.
struct Section {
    std::size_t line = 0;  ///< of the head, from 1
    std::string name;
    std::vector<std::string> words;
    std::string text;  ///< with its last newline
};

/// Reads the sections of one file. Everything that is wrong throws FileError with the line.
class SectionReader {
  public:
    explicit SectionReader(std::string file) : file_(std::move(file)) {}

    std::vector<Section> cut(const std::string& text) const;

    [[noreturn]] void fail(std::size_t line, const std::string& what) const;
    [[noreturn]] void unknown(const Section& section, const std::string& word) const;
    /// `text` is one JSON text; it begins in the line behind the head plus `lines_before`.
    void check_json(const Section& section, const std::string& text,
                    std::size_t lines_before = 0) const;
    /// The same, and an object.
    void check_object(const Section& section, const std::string& text) const;
    std::uint32_t number(const Section& section, const std::string& text) const;

  private:
    std::string file_;
};

/// True if `word` is "NAME=VALUE"; then `value` is set.
bool option(std::string_view word, std::string_view name, std::string& value);

std::string without_last_newline(std::string text);

}  // namespace patchbay::transcript
