#include "engine/surface/text_size.hpp"

#include <algorithm>
#include <array>

namespace patchbay {

namespace {

constexpr auto kTexts = std::to_array<std::string_view>(
    {"content", "text", "reasoning_content", "reasoning", "refusal", "thinking", "arguments"});

bool is_text(std::string_view name) {
    return std::find(kTexts.begin(), kTexts.end(), name) != kTexts.end();
}

/// The place of the quote that ends the string whose first byte is at `at`.
std::size_t end_of_string(std::string_view json, std::size_t at) {
    for (;; at += 2) {
        at = json.find_first_of("\"\\", at);
        if (at == std::string_view::npos || json[at] == '"') return at;
    }
}

}  // namespace

std::size_t text_size(std::string_view json) {
    std::size_t size = 0;
    bool text = false;  // the last name was one of a text
    for (std::size_t at = json.find('"'); at != std::string_view::npos; at = json.find('"', at)) {
        const std::size_t begin = at + 1;
        const std::size_t end = end_of_string(json, begin);
        if (end == std::string_view::npos) break;
        at = end + 1;
        const std::size_t next = json.find_first_not_of(" \t\r\n", at);
        if (next != std::string_view::npos && json[next] == ':') {
            text = is_text(json.substr(begin, end - begin));
        } else if (text) {
            size += end - begin;
        }
    }
    return size;
}

}  // namespace patchbay
