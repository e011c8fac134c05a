#include "config/mail_settings.hpp"

#include <algorithm>

namespace patchbay {

// Not the grammar of RFC 5321, which servers know better: what could end the address or its line.
bool is_mail_address(std::string_view text) {
    constexpr std::size_t kMost = 254;  // RFC 5321, 4.5.3.1.3
    const std::size_t at = text.rfind('@');
    if (at == text.npos || at == 0 || at + 1 == text.size() || text.size() > kMost) return false;
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte <= 0x20 || byte == 0x7f || c == '<' || c == '>' || c == ',';
    });
}

}  // namespace patchbay
