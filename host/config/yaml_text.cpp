#include "config/yaml_text.hpp"

namespace patchbay::yaml {
namespace {

/// Bytes of the UTF-8 sequence at the front of `text`; 0 = not one (RFC 3629, section 4).
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
    };
    const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
    const unsigned lead = byte(0);
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return tail(1) ? 2 : 0;
    if ((lead & 0xF0u) == 0xE0u) {
        const bool overlong = lead == 0xE0 && byte(1) < 0xA0;
        const bool surrogate = lead == 0xED && byte(1) > 0x9F;
        return tail(1) && tail(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const bool overlong = lead == 0xF0 && byte(1) < 0x90;
        const bool beyond = lead == 0xF4 && byte(1) > 0x8F;
        return tail(1) && tail(2) && tail(3) && !overlong && !beyond ? 4 : 0;
    }
    return 0;
}

}  // namespace

std::size_t byte_order_mark(std::string_view text) {
    return text.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0;
}

std::optional<TextFault> find_bad_character(std::string_view text) {
    int line = 1;
    int column = 1;
    for (std::size_t i = byte_order_mark(text); i < text.size();) {
        const std::size_t length = utf8_length(text.substr(i));
        if (length == 0) return TextFault{line, column, "this is not valid UTF-8"};
        const auto c = static_cast<unsigned char>(text[i]);
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F) {
            return TextFault{line, column, "a control character stands here"};
        }
        column += static_cast<int>(length);
        if (c == '\n') {
            ++line;
            column = 1;
        }
        i += length;
    }
    return std::nullopt;
}

bool is_cut_off(std::string_view text, std::size_t offset) {
    constexpr std::string_view kBlanks = " \t\r\n";
    const auto at_end = [&] { return offset >= text.size(); };
    // Anchor and tag stand before the value, comments may stand between.
    for (;;) {
        offset = text.find_first_not_of(kBlanks, offset);
        if (at_end()) return false;
        if (text[offset] == '#') {
            offset = text.find('\n', offset);
        } else if (text[offset] == '&' || text[offset] == '!') {
            offset = text.find_first_of(kBlanks, offset);
        } else {
            break;
        }
    }
    const char quote = text[offset];
    if (quote != '\'' && quote != '"') return false;
    for (++offset; !at_end(); ++offset) {
        if (quote == '"' && text[offset] == '\\') {
            ++offset;
        } else if (text[offset] == quote) {
            const bool doubled = quote == '\'' && text.substr(offset + 1, 1) == "'";
            if (!doubled) return false;
            ++offset;
        }
    }
    return true;
}

}  // namespace patchbay::yaml
