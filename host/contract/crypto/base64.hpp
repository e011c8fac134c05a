// Base64 (RFC 4648, section 4, padded), by OpenSSL.
#pragma once

#include <cassert>
#include <climits>
#include <cstddef>
#include <string>
#include <string_view>

#include <openssl/evp.h>

namespace patchbay {

/// Appends the base64 of `bytes`, at most INT_MAX / 2 of them. What is encoded in several calls is
/// one text if the sizes of all but the last are multiples of three. Throws std::bad_alloc only.
inline void append_base64(std::string& text, std::string_view bytes) {
    assert(bytes.size() <= INT_MAX / 2);
    const std::size_t before = text.size();
    // OpenSSL ends what it writes with a NUL.
    text.resize(before + (bytes.size() + 2) / 3 * 4 + 1);
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data() + before),
                    reinterpret_cast<const unsigned char*>(bytes.data()),
                    static_cast<int>(bytes.size()));
    text.pop_back();
}

}  // namespace patchbay
