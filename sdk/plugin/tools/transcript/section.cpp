#include "section.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <sstream>

#include "patchbay/json_tree.hpp"
#include "transcript.hpp"

namespace patchbay::transcript {

void SectionReader::fail(std::size_t line, const std::string& what) const {
    throw FileError(file_ + ":" + std::to_string(line) + ": " + what);
}

void SectionReader::unknown(const Section& section, const std::string& word) const {
    fail(section.line, "unknown word '" + word + "' in '== " + section.name + "'");
}

std::vector<Section> SectionReader::cut(const std::string& text) const {
    std::vector<Section> sections;
    std::size_t number = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
        const std::string_view line(text.data() + at, end - at);
        at = end;
        ++number;
        if (line.substr(0, 3) == "== ") {
            Section& section = sections.emplace_back();
            section.line = number;
            std::istringstream words{std::string(line.substr(3))};
            words >> section.name;
            section.words.assign(std::istream_iterator<std::string>(words), {});
        } else if (!sections.empty()) {
            sections.back().text += line;
        } else if (line[0] != '#' && line.find_first_not_of(" \t\r\n") != line.npos) {
            fail(number, "before the first section only lines with '#' may stand");
        }
    }
    return sections;
}

void SectionReader::check_json(const Section& section, const std::string& text,
                               std::size_t lines_before) const {
    const json_tree::Tree tree = json_tree::read(text);
    if (tree) return;
    const auto at = static_cast<std::ptrdiff_t>(std::min(tree.at, text.size()));
    const auto lines = std::count(text.begin(), text.begin() + at, '\n');
    fail(section.line + 1 + lines_before + static_cast<std::size_t>(lines),
         std::string("not JSON: ") + tree.what);
}

void SectionReader::check_object(const Section& section, const std::string& text) const {
    check_json(section, text);
    if (!json_tree::read(text).value.is_object()) {
        fail(section.line, "'== " + section.name + "' needs a JSON object");
    }
}

std::uint32_t SectionReader::number(const Section& section, const std::string& text) const {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) {
        fail(section.line, "'" + text + "' is not a number");
    }
    return value;
}

bool option(std::string_view word, std::string_view name, std::string& value) {
    if (word.substr(0, name.size()) != name || word.size() == name.size() ||
        word[name.size()] != '=') {
        return false;
    }
    value = word.substr(name.size() + 1);
    return true;
}

std::string without_last_newline(std::string text) {
    if (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

}  // namespace patchbay::transcript
