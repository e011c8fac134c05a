#include "envelope.hpp"

#include <array>
#include <charconv>
#include <cstdint>

#include <boost/crc.hpp>

namespace patchbay::shared {

namespace {

constexpr std::string_view kVersion = "pb1.";
constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kNoDigit = 0xff;

constexpr std::array<std::uint8_t, 256> kValues = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(kNoDigit);
    for (std::size_t i = 0; i < kDigits.size(); ++i) {
        values[static_cast<unsigned char>(kDigits[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}();

std::uint32_t crc_of(std::string_view bytes) {
    boost::crc_32_type crc;
    crc.process_bytes(bytes.data(), bytes.size());
    return crc.checksum();
}

// RFC 4648, section 5, without padding.
void append_base64url(std::string_view bytes, std::string& text) {
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char c : bytes) {
        bits = (bits << 8 | static_cast<unsigned char>(c)) & 0x3fff;
        for (held += 8; held >= 6; held -= 6) text += kDigits[bits >> (held - 6) & 63];
    }
    if (held > 0) text += kDigits[bits << (6 - held) & 63];
}

std::optional<std::string> from_base64url(std::string_view text) {
    if (text.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char c : text) {
        const std::uint8_t value = kValues[static_cast<unsigned char>(c)];
        if (value == kNoDigit) return std::nullopt;
        bits = (bits << 6 | value) & 0xffff;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        bytes += static_cast<char>(bits >> held & 0xff);
    }
    return bytes;
}

}  // namespace

std::string sealed(std::string_view origin, std::string_view payload) {
    std::string text(kVersion);
    text.reserve(kVersion.size() + origin.size() + payload.size() / 3 * 4 + 16);
    text.append(origin) += '.';
    append_base64url(payload, text);
    char digits[8];
    const auto end = std::to_chars(digits, digits + sizeof digits, crc_of(payload), 16).ptr;
    return text.append(".").append(digits, end);
}

std::optional<std::string> opened(std::string_view text, std::string_view origin) {
    for (const std::string_view part : {kVersion, origin, std::string_view(".")}) {
        if (!text.starts_with(part)) return std::nullopt;
        text.remove_prefix(part.size());
    }
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    auto payload = from_base64url(text.substr(0, dot));
    const std::string_view digits = text.substr(dot + 1);
    const char* const last = digits.data() + digits.size();
    std::uint32_t crc = 0;
    const auto [stop, error] = std::from_chars(digits.data(), last, crc, 16);
    if (!payload || error != std::errc() || stop != last || crc_of(*payload) != crc) {
        return std::nullopt;
    }
    return payload;
}

bool is_envelope(std::string_view text) {
    return text.starts_with(kVersion);
}

}  // namespace patchbay::shared
