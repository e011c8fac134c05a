#include "contract/json/utf8_text.hpp"

#include <simdjson.h>

namespace patchbay {

std::size_t utf8_sequence_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
    unsigned char low = 0x80;
    unsigned char high = 0xbf;
    if (first == 0xe0) low = 0xa0;
    if (first == 0xed) high = 0x9f;
    if (first == 0xf0) low = 0x90;
    if (first == 0xf4) high = 0x8f;
    if (byte(1) < low || byte(1) > high) return 0;
    for (std::size_t i = 2; i < length; ++i) {
        if (byte(i) < 0x80 || byte(i) > 0xbf) return 0;
    }
    return length;
}

std::string as_utf8(std::string_view text, std::size_t limit) {
    const bool cut = text.size() > limit;
    if (!cut && simdjson::validate_utf8(text.data(), text.size())) return std::string(text);
    std::string good;
    while (!text.empty()) {
        const std::size_t length = utf8_sequence_length(text);
        if (good.size() + (length ? length : 3) > limit) break;
        good += length ? text.substr(0, length) : std::string_view("\xef\xbf\xbd");
        text.remove_prefix(length ? length : 1);
    }
    if (cut) good += "...";
    return good;
}

}  // namespace patchbay
