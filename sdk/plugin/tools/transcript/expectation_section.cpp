#include "expectation_section.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace patchbay::transcript {
namespace {

/// What stands below the head of the section.
enum class Text { json, free };

using Check = void (*)(const SectionReader&, const Section&, const std::vector<std::string>& words);

void check_http(const SectionReader& reader, const Section& section,
                const std::vector<std::string>& words) {
    static constexpr std::string_view kWords[] = {
        "buffer", "raw", "sse", "ndjson", "aws_eventstream", "json_array", "detached"};
    if (words.size() < 2) reader.fail(section.line, "'== expect http METHOD URL' needs both");
    for (std::size_t i = 2; i < words.size(); ++i) {
        if (std::find(std::begin(kWords), std::end(kWords), words[i]) == std::end(kWords)) {
            reader.unknown(section, words[i]);
        }
    }
}

void check_head(const SectionReader& reader, const Section& section,
                const std::vector<std::string>& words) {
    if (words.size() != 1) reader.fail(section.line, "'== expect head STATUS' needs a status");
    reader.number(section, words[0]);
}

void check_verdict(const SectionReader& reader, const Section& section,
                   const std::vector<std::string>& words) {
    static constexpr std::string_view kWords[] = {"allow", "block", "modify", "hold"};
    if (words.size() != 1 ||
        std::find(std::begin(kWords), std::end(kWords), words[0]) == std::end(kWords)) {
        reader.fail(section.line, "'== expect verdict' needs allow, block, modify or hold");
    }
}

void check_note(const SectionReader& reader, const Section& section,
                const std::vector<std::string>& words) {
    if (words.size() != 1) reader.fail(section.line, "'== expect note KEY' needs one key");
}

void no_check(const SectionReader&, const Section&, const std::vector<std::string>&) {}

struct Row {
    std::string_view kind;
    Text text = Text::json;
    Check check = no_check;
};
constexpr Row kRows[] = {
    {"http", Text::free, check_http},
    {"pass_through"},
    {"head", Text::free, check_head},
    {"chunk"},
    {"result"},
    {"body", Text::free},
    {"usage"},
    {"fail"},
    {"done"},
    {"timer"},
    {"shared_get"},
    {"shared_put"},
    {"verdict", Text::json, check_verdict},
    {"released", Text::free},
    {"retry_records"},
    {"note", Text::json, check_note},
    {"http_abort"},
    {"fault"},
};

const Row& row_of(const SectionReader& reader, const Section& section) {
    const std::string_view kind = section.words.empty() ? std::string_view() : section.words[0];
    const auto* const found = std::find_if(std::begin(kRows), std::end(kRows),
                                           [kind](const Row& row) { return row.kind == kind; });
    if (found != std::end(kRows)) return *found;
    std::string names;
    for (const Row& row : kRows) names += (names.empty() ? "" : ", ") + std::string(row.kind);
    reader.fail(section.line, "'== expect' needs one of " + names);
}

}  // namespace

Expectation read_expectation(const SectionReader& reader, const Section& section) {
    const Row& row = row_of(reader, section);
    Expectation expectation{section.line,
                            std::string(row.kind),
                            {section.words.begin() + 1, section.words.end()},
                            without_last_newline(section.text)};
    row.check(reader, section, expectation.words);
    const bool said = expectation.text.find_first_not_of(" \t\r\n") != std::string::npos;
    if (row.text == Text::json && said) reader.check_json(section, expectation.text);
    return expectation;
}

}  // namespace patchbay::transcript
