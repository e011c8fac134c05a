
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include "patchbay/json_tree.hpp"
#include "plain_run.hpp"

namespace patchbay::json_tree {

namespace json = boost::json;

namespace {

constexpr std::size_t kHalf = 3;  ///< bytes of a half: ED A0..BF 80..BF, which UTF-8 never has
constexpr std::string_view kReplacement = "\xef\xbf\xbd";

unsigned byte(std::string_view text, std::size_t at) {
    return static_cast<unsigned char>(text[at]);
}

/// The first half at or behind `from`, or npos. A half lies within well-formed text or beside it.
std::size_t find_half(std::string_view text, std::size_t from) {
    for (std::size_t at = text.find('\xed', from); at != std::string_view::npos;
         at = text.find('\xed', at + 1)) {
        if (at + kHalf <= text.size() && byte(text, at + 1) >= 0xA0) return at;
    }
    return std::string_view::npos;
}

bool high_at(std::string_view text, std::size_t at) {
    return at + kHalf <= text.size() && text[at] == '\xed' && byte(text, at + 1) >= 0xA0 &&
           byte(text, at + 1) < 0xB0;
}

bool low_at(std::string_view text, std::size_t at) {
    return at + kHalf <= text.size() && text[at] == '\xed' && byte(text, at + 1) >= 0xB0;
}

unsigned ten_bits(std::string_view text, std::size_t at) {
    return (byte(text, at + 1) & 0x0F) << 6 | (byte(text, at + 2) & 0x3F);
}

void append_pair(std::string_view text, std::size_t at, std::string& out) {
    const unsigned code = 0x10000 + (ten_bits(text, at) << 10) + ten_bits(text, at + kHalf);
    out += static_cast<char>(0xF0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
}

bool tree_has_half(const json::value& value) {
    if (const auto* text = value.if_string()) return has_half({text->data(), text->size()});
    if (const auto* array = value.if_array()) {
        for (const json::value& item : *array) {
            if (tree_has_half(item)) return true;
        }
    } else if (const auto* object = value.if_object()) {
        for (const auto& member : *object) {
            if (has_half(member.key()) || tree_has_half(member.value())) return true;
        }
    }
    return false;
}

void replace_halves(json::value& value) {
    if (auto* text = value.if_string()) {
        const std::string_view view(text->data(), text->size());
        if (has_half(view)) *text = to_utf8(view);
    } else if (auto* array = value.if_array()) {
        for (json::value& item : *array) replace_halves(item);
    } else if (auto* object = value.if_object()) {
        json::object made(object->storage());
        made.reserve(object->size());
        for (auto& member : *object) {
            replace_halves(member.value());
            made.insert_or_assign(to_utf8(member.key()), std::move(member.value()));
        }
        *object = std::move(made);
    }
}

}  // namespace

bool has_half(std::string_view text) {
    return find_half(text, 0) != std::string_view::npos;
}

void join(std::string& text, std::string_view piece) {
    if (text.size() >= kHalf && high_at(text, text.size() - kHalf) && low_at(piece, 0)) {
        const std::string pair =
            text.substr(text.size() - kHalf) + std::string(piece.substr(0, kHalf));
        text.resize(text.size() - kHalf);
        append_pair(pair, 0, text);
        piece.remove_prefix(kHalf);
    }
    text += piece;
}

std::string to_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    std::size_t done = 0;
    for (std::size_t at = find_half(text, 0); at != std::string_view::npos;
         at = find_half(text, done)) {
        out += text.substr(done, at - done);
        done = at + kHalf;
        if (high_at(text, at) && low_at(text, done)) {
            append_pair(text, at, out);
            done += kHalf;
        } else {
            out += kReplacement;
        }
    }
    return out += text.substr(done);
}

void make_utf8(json::value& value) {
    if (tree_has_half(value)) replace_halves(value);
}

void append_string(std::string_view text, std::string& out) {
    static constexpr char kHex[] = "0123456789abcdef";
    const std::size_t plain = plain_run<0xED>(text, 0).length;
    if (plain == text.size()) {
        const std::size_t at = out.size();
        out.append(text.size() + 2, '"');
        text.copy(out.data() + at + 1, text.size());
        return;
    }
    out += '"';
    std::size_t done = 0;
    for (std::size_t i = plain;;) {
        i += plain_run<0xED>(text, i).length;
        if (i == text.size()) break;
        const unsigned c = byte(text, i);
        const bool half = high_at(text, i) || low_at(text, i);
        if (c == 0xED && !half) {
            ++i;
            continue;
        }
        out += text.substr(done, i - done);
        done = i + 1;
        if (half && high_at(text, i) && low_at(text, i + kHalf)) {
            append_pair(text, i, out);
            done = i + 2 * kHalf;
        } else if (half) {
            const unsigned code =
                0xD000 | (byte(text, i + 1) & 0x3F) << 6 | (byte(text, i + 2) & 0x3F);
            out += "\\u";
            for (int shift = 12; shift >= 0; shift -= 4) out += kHex[code >> shift & 15];
            done = i + kHalf;
        } else if (c == '"' || c == '\\') {
            (out += '\\') += static_cast<char>(c);
        } else if (const auto at = std::string_view("\b\f\n\r\t").find(static_cast<char>(c));
                   at != std::string_view::npos) {
            (out += '\\') += "bfnrt"[at];
        } else {
            ((out += "\\u00") += kHex[c >> 4]) += kHex[c & 15];
        }
        i = done;
    }
    out += text.substr(done);
    out += '"';
}

}  // namespace patchbay::json_tree
