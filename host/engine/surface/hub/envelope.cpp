#include "engine/surface/hub/envelope.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include <boost/crc.hpp>

#include "engine/surface/hub/base64.hpp"

namespace patchbay::surface {

namespace {

constexpr std::string_view kVersion = "pb1.";

std::uint32_t crc_of(std::string_view bytes) {
    boost::crc_32_type crc;
    crc.process_bytes(bytes.data(), bytes.size());
    return crc.checksum();
}

void exchange(std::string& text, char from, char to) {
    std::replace(text.begin(), text.end(), from, to);
}

// RFC 4648, section 5, without padding.
std::string base64url(std::string_view bytes) {
    std::string text = base64_of(bytes);
    text.resize(text.find_last_not_of('=') + 1);
    exchange(text, '+', '-');
    exchange(text, '/', '_');
    return text;
}

std::optional<std::string> from_base64url(std::string_view encoded) {
    if (encoded.find_first_of("+/=") != encoded.npos) return std::nullopt;
    return bytes_of_base64(encoded);
}

}  // namespace

std::string sealed(std::string_view origin, std::string_view payload) {
    char digits[8];
    const auto end = std::to_chars(digits, digits + sizeof digits, crc_of(payload), 16).ptr;
    std::string text(kVersion);
    text.append(origin).append(".").append(base64url(payload)).append(".").append(digits, end);
    return text;
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
    std::uint32_t crc = 0;
    const auto [stop, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), crc, 16);
    const bool read = error == std::errc() && stop == digits.data() + digits.size();
    if (!payload || !read || crc_of(*payload) != crc) return std::nullopt;
    return payload;
}

}  // namespace patchbay::surface
