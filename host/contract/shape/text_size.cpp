#include "contract/shape/text_size.hpp"

#include <algorithm>
#include <array>

namespace patchbay {

namespace {

constexpr auto kTexts = std::to_array<std::string_view>(
    {"content", "text", "reasoning_content", "reasoning", "refusal", "thinking", "arguments",
     "partial_json", "delta", "output", "input"});

bool is_text(std::string_view name) {
    return std::find(kTexts.begin(), kTexts.end(), name) != kTexts.end();
}

/// The place of the next quote, or the end. A loop, for what is between two quotes is short.
std::size_t next_quote(std::string_view json, std::size_t at) {
    while (at < json.size() && json[at] != '"') ++at;
    return at;
}

/// The place of the quote that ends the string whose first byte is at `at`, or a place not in
/// `json`.
std::size_t end_of_string(std::string_view json, std::size_t at) {
    while (at < json.size() && json[at] != '"') at += json[at] == '\\' ? 2 : 1;
    return at;
}

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

}  // namespace

std::size_t text_size(std::string_view json) {
    std::size_t size = 0;
    bool text = json.starts_with('"');  // the last name was one of a text
    for (std::size_t at = next_quote(json, 0); at < json.size(); at = next_quote(json, at)) {
        const std::size_t begin = at + 1;
        const std::size_t end = end_of_string(json, begin);
        if (end >= json.size()) break;
        at = end + 1;
        while (at < json.size() && is_space(json[at])) ++at;
        if (at < json.size() && json[at] == ':') {
            text = is_text(json.substr(begin, end - begin));
        } else if (text) {
            size += end - begin;
        }
    }
    return size;
}

}  // namespace patchbay
