#include "engine/log_text.hpp"

#include "contract/json/utf8_text.hpp"

namespace patchbay {

namespace {

constexpr char kHex[] = "0123456789abcdef";

// Printable ASCII needs nothing; that is nearly all there is.
bool plain(std::string_view text) {
    unsigned char other = 0;  // the compiler looks at sixteen bytes at a time
    for (const char c : text) other |= static_cast<unsigned char>(c - ' ') > '~' - ' ' ? 1 : 0;
    return other == 0;
}

void append_byte(std::string& out, unsigned char byte) {
    if (byte == '\n') {
        out += "\\n";
    } else if (byte == '\t') {
        out += "\\t";
    } else if (byte == '\r') {
        out += "\\r";
    } else {
        out += "\\x";
        out += kHex[byte >> 4];
        out += kHex[byte & 15];
    }
}

unsigned code_point(std::string_view sequence) {
    unsigned value = static_cast<unsigned char>(sequence[0]) & (0x7fu >> sequence.size());
    for (const char c : sequence.substr(1))
        value = (value << 6) | (static_cast<unsigned>(c) & 0x3f);
    return value;
}

// C1, line and paragraph separator, and Unicode's marks of direction (UAX 9).
bool acts(unsigned point) {
    return (point >= 0x80 && point < 0xa0) || point == 0x061c ||
           (point >= 0x200e && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
           (point >= 0x2066 && point <= 0x2069) || point == 0xfeff;
}

}  // namespace

void append_log_text(std::string& out, std::string_view text, std::size_t limit) {
    const bool cut = text.size() > limit;
    text = text.substr(0, limit);
    if (plain(text)) {
        out += text;
    } else {
        while (!text.empty()) {
            const auto first = static_cast<unsigned char>(text.front());
            const std::size_t length = utf8_sequence_length(text);
            if (first < 0x20 || first == 0x7f || length == 0) {
                append_byte(out, first);
                text.remove_prefix(1);
                continue;
            }
            const unsigned point = length == 1 ? first : code_point(text.substr(0, length));
            if (acts(point)) {
                out += "\\u{";
                for (int shift = 12; shift >= 0; shift -= 4) out += kHex[(point >> shift) & 15];
                out += '}';
            } else {
                out += text.substr(0, length);
            }
            text.remove_prefix(length);
        }
    }
    if (cut) out += "...";
}

std::string log_text(std::string_view text, std::size_t limit) {
    std::string out;
    append_log_text(out, text, limit);
    return out;
}

void append_log_json(std::string& out, std::string_view text, std::size_t limit) {
    out += '"';
    const std::size_t begin = out.size();
    append_log_text(out, text, limit);
    // No control characters are left, so only these two need an escape.
    for (std::size_t at = begin; (at = out.find_first_of("\"\\", at)) != std::string::npos;
         at += 2) {
        out.insert(at, 1, '\\');
    }
    out += '"';
}

}  // namespace patchbay
