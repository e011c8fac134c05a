#include "config/yaml_words.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace patchbay::yaml {
namespace {

struct Words {
    std::string_view complaint;  ///< how the library's message begins
    std::string_view means;
};
constexpr auto kWords = std::to_array<Words>({
    {"the referenced anchor is not defined",
     "no anchor of this name is defined (text that begins with '*' must stand in quotes)"},
    {"alias not found after *", "text that begins with '*' must stand in quotes"},
    {"anchor not found after &", "text that begins with '&' must stand in quotes"},
    {"end of sequence flow not found", "a list that begins with '[' has no ']' before this line"},
    {"end of map flow not found", "a mapping that begins with '{' has no '}' before this line"},
    {"illegal flow end", "this ']' or '}' has no beginning"},
    {"unknown escape character",
     "no such escape in a text in double quotes; single quotes take "
     "every character as it is"},
    {"unknown token", "text that begins with '@', '`' or '%' must stand in quotes"},
    {"illegal EOF in scalar", "a text in quotes has no end"},
    {"illegal document indicator in scalar", "a text in quotes has no end"},
    {"illegal block entry", "a '-' cannot stand here"},
    {"end of map not found", "a '-' stands where a key of the mapping above is expected"},
    {"end of sequence not found", "a key stands where a '-' of the list above is expected"},
});

std::string_view line_of(std::string_view text, int line) {
    for (; line > 1; --line) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos) return {};
        text.remove_prefix(end + 1);
    }
    return text.substr(0, text.find_first_of("\r\n"));
}

std::size_t indent_of(std::string_view line) {
    return std::min(line.find_first_not_of(" \t"), line.size());
}

bool is_dash(std::string_view content) {
    return content == "-" || content.starts_with("- ");
}

/// The indentations that are open before `line`: those of keys, and those of dashes.
std::vector<std::size_t> open_indents(std::string_view text, int line) {
    std::vector<std::size_t> open;
    for (int i = 1; i < line; ++i) {
        const std::string_view before = line_of(text, 1);
        text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
        std::size_t indent = indent_of(before);
        std::string_view content = before.substr(indent);
        if (content.empty() || content[0] == '#') continue;
        while (!open.empty() && open.back() > indent) open.pop_back();
        for (;;) {
            if (open.empty() || open.back() < indent) open.push_back(indent);
            if (!is_dash(content)) break;
            const std::size_t next = std::min(content.find_first_not_of(' ', 1), content.size());
            if (next == content.size()) break;
            indent += next;
            content.remove_prefix(next);
        }
    }
    return open;
}

/// The indentation that the line was probably meant to have; nullopt if it fits.
std::optional<std::size_t> meant_indent(std::string_view text, int line) {
    const std::size_t indent = indent_of(line_of(text, line));
    std::optional<std::size_t> nearest;
    const auto distance = [&](std::size_t other) {
        return other > indent ? other - indent : indent - other;
    };
    for (const std::size_t open : open_indents(text, line)) {
        if (open == indent) return std::nullopt;
        if (!nearest || distance(open) <= distance(*nearest)) nearest = open;
    }
    return nearest;
}

std::string what_is_wrong(std::string_view text, const std::string& complaint, int line,
                          int& column) {
    const std::string_view wrong = line_of(text, line);
    const std::size_t indent = indent_of(wrong);
    if (const std::size_t tab = wrong.substr(0, indent).find('\t'); tab != std::string_view::npos) {
        column = static_cast<int>(tab) + 1;
        return "tabs cannot indent YAML: use blanks";
    }
    const bool value = complaint.starts_with("illegal map value");
    if (value || complaint.starts_with("end of map not found") ||
        complaint.starts_with("end of sequence not found")) {
        if (const auto meant = meant_indent(text, line)) {
            column = static_cast<int>(indent) + 1;
            return "this line is indented by " + std::to_string(indent) + ", its siblings by " +
                   std::to_string(*meant);
        }
    }
    const std::string_view content = wrong.substr(indent);
    if (value) {
        const std::size_t first = content.find(": ");
        const bool second = first != std::string_view::npos &&
                            content.find(": ", first + 2) != std::string_view::npos;
        return second ? "a value that holds ': ' must stand in quotes"
                      : "no key can stand here; is a ':' missing on the line before?";
    }
    if (complaint.starts_with("end of map not found") && !is_dash(content)) {
        return "a key stands where a '-' of the list above is expected";
    }
    for (const Words& words : kWords) {
        if (complaint.starts_with(words.complaint)) return std::string(words.means);
    }
    // Without what it quotes from the file.
    return complaint.substr(0, complaint.find(": "));
}

/// The line as far as it holds no value, and a mark below `column`.
std::string shown(std::string_view line, int column) {
    std::string text;
    std::size_t mark = std::string::npos;
    std::size_t at = 0;
    const auto take = [&](std::string_view as) {
        if (static_cast<int>(at) + 1 == column) mark = text.size();
        text += as;
        ++at;
    };
    for (const std::size_t indent = indent_of(line); at < indent;) {
        take(line[at] == '\t' ? "<tab>" : " ");
    }
    while (is_dash(line.substr(at))) {
        take("-");
        while (at < line.size() && line[at] == ' ') take(" ");
    }
    const std::string_view rest = line.substr(at);
    const auto in_name = [](char c) { return c == '_' || (c >= 'a' && c <= 'z'); };
    const auto name = static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), in_name) -
                                               rest.begin());
    if (name > 0 && name < rest.size() && rest[name] == ':') {
        for (std::size_t i = 0; i <= name; ++i) take(std::string_view(&line[at], 1));
        if (at < line.size()) take(" ");
    }
    if (mark == std::string::npos) mark = text.size();
    if (at < line.size()) text += "...";
    return "\n    " + text + "\n    " + std::string(mark, ' ') + "^";
}

}  // namespace

std::string explain(std::string_view text, const std::string& complaint, int line, int& column) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    std::string message = "YAML syntax: " + what_is_wrong(text, complaint, line, column);
    const std::string_view wrong = line_of(text, line);
    return indent_of(wrong) == wrong.size() ? message : message + shown(wrong, column);
}

}  // namespace patchbay::yaml
