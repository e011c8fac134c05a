#include "base64.hpp"

#include <algorithm>
#include <cstdint>

#include "patchbay/sdk/crypto.hpp"

namespace patchbay::shared {

namespace {

int digit_value(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+') return 62;
    return c == '/' ? 63 : -1;
}

}  // namespace

std::optional<std::string> decode_base64(std::string_view base64) {
    for (int padding = 0; padding < 2 && base64.ends_with('='); ++padding) base64.remove_suffix(1);
    if (base64.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    bytes.reserve(base64.size() / 4 * 3 + 2);
    std::uint32_t window = 0;
    int bits = 0;
    for (const char c : base64) {
        const int value = digit_value(c);
        if (value < 0) return std::nullopt;
        window = window << 6 | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes += static_cast<char>(window >> bits & 0xff);
    }
    return bytes;
}

std::string encode_base64(std::string_view bytes) {
    // The other alphabet of the same RFC, section 5.
    std::string text = bay::base64url(bytes);
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

}  // namespace patchbay::shared
