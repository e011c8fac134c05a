#include "shared/ids.hpp"

#include <array>
#include <cstdint>
#include <stdexcept>

#include "patchbay/ext/crypto.h"
#include "patchbay/sdk/host.hpp"

namespace patchbay::sink {

namespace {

std::array<std::uint8_t, 32> sha256(std::string_view bytes) {
    const auto* crypto = bay::Host::extension<bay_crypto>(BAY_EXT_CRYPTO);
    if (!crypto || !BAY_HAS(crypto->size, bay_crypto, sha256)) {
        throw std::runtime_error("the host has no bay.crypto/1");
    }
    std::array<std::uint8_t, 32> digest{};
    crypto->sha256(bay::str(bytes), digest.data());
    return digest;
}

std::string hex(const std::uint8_t* bytes, std::size_t size) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    text.reserve(size * 2);
    for (std::size_t i = 0; i < size; ++i) {
        text += kDigits[bytes[i] >> 4];
        text += kDigits[bytes[i] & 15];
    }
    return text;
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = lower(text[i]);
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (dash ? c != '-' : !digit) return false;
    }
    return true;
}

}  // namespace

std::string uuid_of(std::string_view id) {
    if (is_uuid(id)) {
        std::string text(id);
        for (char& c : text) c = lower(c);
        return text;
    }
    auto digest = sha256(id);
    digest[6] = static_cast<std::uint8_t>((digest[6] & 0x0F) | 0x80);
    digest[8] = static_cast<std::uint8_t>((digest[8] & 0x3F) | 0x80);
    std::string text = hex(digest.data(), 16);
    for (const std::size_t at : {8, 13, 18, 23}) text.insert(at, 1, '-');
    return text;
}

std::string hex_of(std::string_view seed, std::size_t bytes) {
    const auto digest = sha256(seed);
    return hex(digest.data(), bytes);
}

std::string base64(std::string_view bytes) {
    static constexpr char kAlphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            group =
                group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
        }
        for (std::size_t j = 0; j < 4; ++j) {
            const bool padding = i + j > bytes.size();
            text += padding ? '=' : kAlphabet[group >> (18 - 6 * j) & 63];
        }
    }
    return text;
}

}  // namespace patchbay::sink
