#include "decode.hpp"

#include <cstdint>
#include <cstring>

#include "patchbay/json_tree.hpp"

namespace patchbay::json_tree {

namespace {

unsigned hex4(std::string_view digits) {
    unsigned value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = value * 16 + static_cast<unsigned>(hex_value(digits[i]));
    return value;
}

/// As UTF-8 would write it, a half of a pair too.
void append_code(unsigned code, std::string& out) {
    const auto byte = [&out](unsigned value) { out += static_cast<char>(value); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xC0 | code >> 6);
        byte(0x80 | (code & 0x3F));
    } else {
        byte(0xE0 | code >> 12);
        byte(0x80 | (code >> 6 & 0x3F));
        byte(0x80 | (code & 0x3F));
    }
}

char unescaped(char c) {
    static constexpr std::string_view kNames = "bfnrt";
    const std::size_t at = kNames.find(c);
    return at == std::string_view::npos ? c : "\b\f\n\r\t"[at];
}

}  // namespace

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::size_t escape_length(std::string_view text) {
    if (text.size() < 2) return 0;
    if (text[1] != 'u') {
        return std::string_view("\"\\/bfnrt").find(text[1]) == std::string_view::npos ? 0 : 2;
    }
    if (text.size() < 6) return 0;
    for (std::size_t i = 2; i < 6; ++i) {
        if (hex_value(text[i]) < 0) return 0;
    }
    return 6;
}

std::size_t find_no_utf8(std::string_view text) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    std::size_t i = 0;
    while (i < text.size()) {
        std::uint64_t eight = 0;
        if (i + sizeof eight <= text.size()) {
            std::memcpy(&eight, text.data() + i, sizeof eight);
            if ((eight & 0x8080808080808080) == 0) {
                i += sizeof eight;
                continue;
            }
        }
        const unsigned first = byte(i);
        if (first < 0x80) {
            ++i;
            continue;
        }
        const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
        if (first < 0xC2 || first > 0xF4 || i + length > text.size()) return i;
        const unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        const unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        if (byte(i + 1) < low || byte(i + 1) > high) return i;
        for (std::size_t k = 2; k < length; ++k) {
            if (byte(i + k) < 0x80 || byte(i + k) > 0xBF) return i;
        }
        i += length;
    }
    return std::string_view::npos;
}

bool is_utf8(std::string_view text) {
    return find_no_utf8(text) == std::string_view::npos;
}

void append_decoded(std::string_view inside, std::string& out) {
    while (!inside.empty()) {
        const std::size_t backslash = inside.find('\\');
        out += inside.substr(0, backslash);
        if (backslash == std::string_view::npos) return;
        inside.remove_prefix(backslash);
        if (inside[1] != 'u') {
            out += unescaped(inside[1]);
            inside.remove_prefix(2);
            continue;
        }
        std::string piece;
        append_code(hex4(inside.substr(2)), piece);
        join(out, piece);
        inside.remove_prefix(6);
    }
}

}  // namespace patchbay::json_tree
