#include "engine/access/key_hash.hpp"

#include <cstring>

#include "contract/crypto/crypto.hpp"
#include "store/hex.hpp"

namespace patchbay::access {

store::KeyHash hash_key(std::string_view key) {
    return sha256(key);
}

std::string hex(const store::KeyHash& hash) {
    return store::hex({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

std::size_t HashOfHash::operator()(const store::KeyHash& hash) const {
    std::size_t first = 0;
    std::memcpy(&first, hash.data(), sizeof first);
    return first;
}

}  // namespace patchbay::access
