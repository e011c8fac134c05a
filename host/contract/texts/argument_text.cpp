#include "contract/texts/argument_text.hpp"

#include <algorithm>
#include <utility>

#include "contract/json/json_reader.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::guard {

namespace {

constexpr std::size_t kUnicode = 6;  ///< length of \u1234

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

enum class Escape { over, unfinished, none };

/// Whether a \u1234 stands at the start of `text`.
Escape unicode_at(std::string_view text) {
    static constexpr std::string_view kStart = "\\u";
    const std::string_view start = text.substr(0, kStart.size());
    if (start != kStart.substr(0, start.size())) return Escape::none;
    const std::string_view digits = text.substr(start.size(), kUnicode - kStart.size());
    if (!std::all_of(digits.begin(), digits.end(), is_hex)) return Escape::none;
    return start.size() + digits.size() == kUnicode ? Escape::over : Escape::unfinished;
}

/// Bytes of `text`, which begins with a whole \u1234, that are one character; 0 if more must come
/// to tell.
std::size_t character_length(std::string_view text, std::string& decoded) {
    decoded.clear();
    json_tree::append_decoded(text.substr(0, kUnicode), decoded);
    const bool high = decoded.size() == 3 && decoded[0] == '\xed' &&
                      (static_cast<unsigned char>(decoded[1]) & 0xF0) == 0xA0;
    if (!high) return kUnicode;
    const std::string_view rest = text.substr(kUnicode);
    switch (unicode_at(rest)) {
        case Escape::unfinished:
            return 0;
        case Escape::none:
            return kUnicode;
        case Escape::over:
            break;
    }
    std::string pair = decoded;
    json_tree::append_decoded(rest.substr(0, kUnicode), pair);
    if (json_tree::has_half(pair)) return kUnicode;
    decoded = pair;
    return 2 * kUnicode;
}

bool must_be_escaped(std::string_view decoded) {
    const char c = decoded[0];
    return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20 ||
           json_tree::has_half(decoded);
}

}  // namespace

void EscapeResolver::feed(std::string_view piece, std::string& out) {
    const std::string text = std::exchange(kept_, {}) + std::string(piece);
    std::string_view rest = text;
    std::string decoded;
    while (!rest.empty()) {
        const std::size_t backslash = std::min(rest.find('\\'), rest.size());
        out += rest.substr(0, backslash);
        rest.remove_prefix(backslash);
        if (rest.empty()) return;
        std::size_t length = 0;
        switch (unicode_at(rest)) {
            case Escape::none:  // \\, \n, \/ or no JSON at all
                out += rest.substr(1, 1) == "/" ? rest.substr(1, 1) : rest.substr(0, 2);
                rest.remove_prefix(2);
                continue;
            case Escape::over:
                length = character_length(rest, decoded);
                break;
            case Escape::unfinished:
                break;
        }
        if (length == 0) {
            kept_ = rest;
            return;
        }
        out += must_be_escaped(decoded) ? rest.substr(0, length) : std::string_view(decoded);
        rest.remove_prefix(length);
    }
}

void EscapeResolver::finish(std::string& out) {
    out += std::exchange(kept_, {});
}

std::string shown_arguments(std::string arguments) {
    const std::size_t first = arguments.find_first_not_of(" \t\r\n");
    if (first == std::string::npos || arguments.find('\\') == std::string::npos) return arguments;
    if (arguments[first] != '{' && arguments[first] != '[') return arguments;
    JsonReader reader(arguments);
    if (!reader.take_value()) return arguments;
    reader.skip_space();
    if (!reader.at_end()) return arguments;
    EscapeResolver resolver;
    std::string shown;
    resolver.feed(arguments, shown);
    resolver.finish(shown);
    return shown;
}

}  // namespace patchbay::guard
