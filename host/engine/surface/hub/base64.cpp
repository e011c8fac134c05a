#include "engine/surface/hub/base64.hpp"

#include <algorithm>
#include <climits>

#include <openssl/evp.h>

namespace patchbay::surface {

std::string base64_of(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with a zero
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                    reinterpret_cast<const unsigned char*>(bytes.data()),
                    static_cast<int>(bytes.size()));
    text.pop_back();
    return text;
}

std::optional<std::string> bytes_of_base64(std::string_view encoded) {
    constexpr std::size_t kGroup = 4;
    const std::size_t padding = encoded.size() - (encoded.find_last_not_of('=') + 1);
    if (encoded.size() > INT_MAX / 2 || padding > 2) return std::nullopt;
    if (padding > 0 && encoded.size() % kGroup != 0) return std::nullopt;
    encoded.remove_suffix(padding);
    // OpenSSL skips white space and would take padding in the middle for an end.
    if (encoded.find_first_of("= \t\r\n") != std::string_view::npos) return std::nullopt;
    const std::size_t missing = (kGroup - encoded.size() % kGroup) % kGroup;
    if (missing == kGroup - 1) return std::nullopt;
    std::string text(encoded);
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    text.append(missing, '=');
    std::string bytes(text.size() / kGroup * 3, '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
    if (size < 0) return std::nullopt;
    bytes.resize(static_cast<std::size_t>(size) - missing);
    return bytes;
}

}  // namespace patchbay::surface
