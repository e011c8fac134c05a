#include "contract/http/percent.hpp"

#include <charconv>

namespace patchbay::http {

std::optional<char> percent_escape(std::string_view text) {
    if (text.size() < 3 || text[0] != '%') return std::nullopt;
    unsigned char byte = 0;
    const char* const end = text.data() + 3;
    if (std::from_chars(text.data() + 1, end, byte, 16).ptr != end) return std::nullopt;
    return static_cast<char>(byte);
}

std::string percent_decoded(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = percent_escape(text.substr(i));
        decoded += byte.value_or(text[i]);
        if (byte) i += 2;
    }
    return decoded;
}

}  // namespace patchbay::http
