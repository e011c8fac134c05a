#include "expectation_section.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "base64.hpp"

namespace patchbay::transcript {
namespace {

/// What stands below the head of the section. A word of bytes and messages may be "base64".
enum class Text { json, bytes, lines, call, message };

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

void check_ws_open(const SectionReader& reader, const Section& section,
                   const std::vector<std::string>& words) {
    if (words.size() != 1) reader.fail(section.line, "'== expect ws_open URL' needs a URL");
}

// The end that it is for, then words of its own.
void check_end(const SectionReader& reader, const Section& section,
               const std::vector<std::string>& words) {
    if (words.empty() || (words[0] != "client" && words[0] != "upstream")) {
        reader.fail(section.line, "'== expect " + section.words[0] + "' needs client or upstream");
    }
    for (std::size_t i = 1; i < words.size(); ++i) {
        std::string value;
        if (option(words[i], "call", value)) {
            reader.number(section, value);
        } else if (section.words[0] == "ws_close") {
            reader.number(section, words[i]);
        } else if (words[i] != "binary" && words[i] != "base64") {
            reader.unknown(section, words[i]);
        }
    }
}

void no_check(const SectionReader&, const Section&, const std::vector<std::string>&) {}

struct Row {
    std::string_view kind;
    Text text = Text::json;
    Check check = no_check;
};
constexpr Row kRows[] = {
    {"http", Text::call, check_http},
    {"pass_through"},
    {"forwarded", Text::bytes},
    {"head", Text::lines, check_head},
    {"chunk"},
    {"result"},
    {"body", Text::bytes},
    {"usage"},
    {"fail"},
    {"done"},
    {"timer"},
    {"shared_get"},
    {"shared_put"},
    {"verdict", Text::json, check_verdict},
    {"released", Text::lines},
    {"retry_records"},
    {"note", Text::json, check_note},
    {"http_abort"},
    {"accept"},
    {"ws_open", Text::lines, check_ws_open},
    {"ws_send", Text::message, check_end},
    {"ws_close", Text::lines, check_end},
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

// Header lines up to the blank line; the body may follow at once if it is JSON.
void take_call(const SectionReader& reader, Expectation& e) {
    const std::string text = std::move(e.text);
    const bool bare = text.empty() || text[0] == '\n' || text[0] == '{';
    const std::size_t head = bare ? 0 : std::min(text.find("\n\n"), text.size());
    e.text = text.substr(0, head);
    std::size_t body = std::min(text.find_first_not_of('\n', head), text.size());
    if (const std::size_t brace = e.text.find("\n{"); brace != e.text.npos) {
        e.text.resize(brace);
        body = brace + 1;
    }
    constexpr std::string_view kBytes = "bytes:\n", kBase64 = "base64:\n";
    e.body = text.substr(body);
    if (e.body.starts_with(kBytes)) {
        e.as = Expectation::As::bytes;
        e.body.erase(0, kBytes.size());
    } else if (e.body.starts_with(kBase64)) {
        e.as = Expectation::As::bytes;
        body += kBase64.size();
        const auto lines = std::count(text.begin(), text.begin() + static_cast<long>(body), '\n');
        e.body = read_base64(reader, e.line + 1 + static_cast<std::size_t>(lines),
                             std::string_view(text).substr(body));
    } else if (e.body.find_first_not_of(" \t\r\n") != e.body.npos) {
        e.as = Expectation::As::json;
    } else {
        e.body.clear();
    }
}

void take_base64(const SectionReader& reader, Expectation& e) {
    if (std::erase(e.words, "base64") == 0) return;
    e.text = read_base64(reader, e.line + 1, e.text);
}

// A content type may have parameters, and so blanks.
void join_words(Expectation& e) {
    if (e.words.size() < 2) return;
    for (std::size_t i = 1; i < e.words.size(); ++i) e.words[0] += " " + e.words[i];
    e.words.resize(1);
}

}  // namespace

Expectation read_expectation(const SectionReader& reader, const Section& section) {
    const Row& row = row_of(reader, section);
    Expectation expectation;
    expectation.line = section.line;
    expectation.kind = row.kind;
    expectation.words.assign(section.words.begin() + 1, section.words.end());
    expectation.text = without_last_newline(section.text);
    row.check(reader, section, expectation.words);
    const bool said = expectation.text.find_first_not_of(" \t\r\n") != std::string::npos;
    if (row.text == Text::json && said) reader.check_json(section, expectation.text);
    if (row.text == Text::call) take_call(reader, expectation);
    if (row.text == Text::bytes || row.text == Text::message) take_base64(reader, expectation);
    if (row.text == Text::bytes) join_words(expectation);
    return expectation;
}

}  // namespace patchbay::transcript
