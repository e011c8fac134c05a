#include "contract/json/json_reader.hpp"

#include <array>
#include <cstdint>

#include "contract/json/json_bytes.hpp"
#include "contract/json/number_run.hpp"

namespace patchbay {

namespace {

using json_bytes::find_run_end;
using json_bytes::is_space;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool begins_number(char c) {
    return is_digit(c) || c == '-';
}

bool is_simple_escape(char c) {
    switch (c) {
        case '"':
        case '\\':
        case '/':
        case 'b':
        case 'f':
        case 'n':
        case 'r':
        case 't':
            return true;
        default:
            return false;
    }
}

int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

unsigned hex4(std::string_view digits) {
    unsigned value = 0;
    for (const char c : digits) value = value * 16 + static_cast<unsigned>(hex_value(c));
    return value;
}

void append_utf8(std::string& out, unsigned code) {
    const auto byte = [&out](unsigned value) { out.push_back(static_cast<char>(value)); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xC0 | code >> 6);
        byte(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        byte(0xE0 | code >> 12);
        byte(0x80 | (code >> 6 & 0x3F));
        byte(0x80 | (code & 0x3F));
    } else {
        byte(0xF0 | code >> 18);
        byte(0x80 | (code >> 12 & 0x3F));
        byte(0x80 | (code >> 6 & 0x3F));
        byte(0x80 | (code & 0x3F));
    }
}

char unescaped(char c) {
    switch (c) {
        case 'b':
            return '\b';
        case 'f':
            return '\f';
        case 'n':
            return '\n';
        case 'r':
            return '\r';
        case 't':
            return '\t';
        default:
            return c;
    }
}

}  // namespace

bool JsonReader::fail(const char* what) {
    what_ = what;
    return false;
}

void JsonReader::skip_spaces() {
    while (at_ != end_ && is_space(*at_)) ++at_;
}

bool JsonReader::take_escape() {
    if (++at_ == end_) return fail("the string does not end");
    if (*at_ != 'u') {
        if (!is_simple_escape(*at_)) return fail("unknown escape");
        ++at_;
        return true;
    }
    ++at_;
    for (int i = 0; i < 4; ++i, ++at_) {
        if (at_ == end_ || hex_value(*at_) < 0) return fail("four hexadecimal digits expected");
    }
    return true;
}

bool JsonReader::take_string() {
    if (peek() != '"') return fail("a string expected");
    at_ = find_run_end(at_ + 1, end_);
    if (peek() != '"') return take_rest_of_string();
    ++at_;
    return true;
}

// From where a run of plain bytes ended, which was no quote.
bool JsonReader::take_rest_of_string() {
    for (;; at_ = find_run_end(at_, end_)) {
        if (at_ == end_) return fail("the string does not end");
        if (*at_ == '"') {
            ++at_;
            return true;
        }
        if (*at_ != '\\') return fail("control character in a string");
        if (!take_escape()) return false;
    }
}

bool JsonReader::take_number() {
    const auto digits = [this] {
        if (at_ == end_ || !is_digit(*at_)) return fail("a digit expected");
        while (at_ != end_ && is_digit(*at_)) ++at_;
        return true;
    };
    if (*at_ == '-') ++at_;
    if (peek() == '0') {
        ++at_;
    } else if (!digits()) {
        return false;
    }
    if (peek() == '.') {
        ++at_;
        if (!digits()) return false;
    }
    if (peek() == 'e' || peek() == 'E') {
        ++at_;
        if (peek() == '+' || peek() == '-') ++at_;
        if (!digits()) return false;
    }
    return true;
}

bool JsonReader::take_literal(std::string_view literal) {
    const std::string_view rest(at_, static_cast<std::size_t>(end_ - at_));
    if (!rest.starts_with(literal)) return fail("a value expected");
    at_ += literal.size();
    return true;
}

bool JsonReader::take_scalar() {
    switch (peek()) {
        case '"':
            return take_string();
        case 't':
            return take_literal("true");
        case 'f':
            return take_literal("false");
        case 'n':
            return take_literal("null");
        default:
            if (!begins_number(peek())) return fail("a value expected");
            return take_number();
    }
}

// A member up to its value.
bool JsonReader::take_key() {
    skip_space();
    if (peek() != '"') return fail("a member name expected");
    if (!take_string()) return false;
    skip_space();
    if (!take(':', "':' expected")) return false;
    skip_space();
    return true;
}

bool JsonReader::take_value() {
    skip_space();
    return peek() == '{' || peek() == '[' ? take_nested() : take_scalar();
}

bool JsonReader::take_nested() {
    std::array<std::uint64_t, kMaxJsonDepth / 64> objects;  // a bit for each level around this one
    unsigned depth = 0;
    bool object = false;  // what the value that is due is in
    for (;;) {
        const char c = peek();
        if (c == '{' || c == '[') {
            if (depth == kMaxJsonDepth) return fail("nested too deeply");
            std::uint64_t& word = objects[depth / 64];
            const std::uint64_t bit = std::uint64_t{1} << (depth % 64);
            word = object ? word | bit : word & ~bit;
            ++depth;
            ++at_;
            object = c == '{';
            skip_space();
            if (peek() != (object ? '}' : ']')) {
                if (object && !take_key()) return false;
                if (!object) skip_numbers();
                continue;
            }
        } else if (!take_scalar()) {
            return false;
        }
        for (;;) {  // a value has ended, or an empty one is about to: what is around it may end too
            skip_space();
            if (peek() == ',') {
                ++at_;
                if (object) {
                    if (!take_key()) return false;
                } else {
                    skip_space();
                    skip_numbers();
                }
                break;
            }
            if (!take(object ? '}' : ']', object ? "',' or '}' expected" : "',' or ']' expected")) {
                return false;
            }
            if (--depth == 0) return true;
            object = (objects[depth / 64] >> (depth % 64) & 1) != 0;
        }
    }
}

// Where a value of an array is due.
void JsonReader::skip_numbers() {
    if (!begins_number(peek())) return;
    at_ = skip_plain_numbers(at_, end_);
    skip_space();
}

bool decode_json_string(std::string_view raw, std::string& decoded) {
    decoded.clear();
    for (;;) {
        const std::size_t backslash = raw.find('\\');
        decoded.append(raw.substr(0, backslash));
        if (backslash == std::string_view::npos) return true;
        const char kind = raw[backslash + 1];
        raw.remove_prefix(backslash + 2);
        if (kind != 'u') {
            decoded.push_back(unescaped(kind));
            continue;
        }
        unsigned code = hex4(raw.substr(0, 4));
        raw.remove_prefix(4);
        if (code >= 0xD800 && code < 0xE000) {
            if (code >= 0xDC00 || !raw.starts_with("\\u")) return false;
            const unsigned low = hex4(raw.substr(2, 4));
            if (low < 0xDC00 || low >= 0xE000) return false;
            raw.remove_prefix(6);
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        }
        append_utf8(decoded, code);
    }
}

}  // namespace patchbay
