#include "engine/access/key_hash.hpp"

#include <cstring>

#include "contract/crypto/crypto.hpp"

namespace patchbay::access {

store::KeyHash hash_key(std::string_view key) {
    return sha256(key);
}

std::string hex(const store::KeyHash& hash) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * hash.size());
    for (const std::uint8_t byte : hash) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

std::size_t HashOfHash::operator()(const store::KeyHash& hash) const {
    std::size_t first = 0;
    std::memcpy(&first, hash.data(), sizeof first);
    return first;
}

}  // namespace patchbay::access
