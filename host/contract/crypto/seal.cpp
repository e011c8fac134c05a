#include "contract/crypto/seal.hpp"

#include <algorithm>
#include <climits>
#include <cstring>
#include <memory>

#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "contract/crypto/base64.hpp"
#include "contract/crypto/openssl.hpp"

namespace patchbay {

namespace {

using CipherPtr = std::unique_ptr<EVP_CIPHER_CTX, openssl::Freer<EVP_CIPHER_CTX_free>>;

// As NIST SP 800-38D recommends them.
constexpr std::size_t kNonce = 12;
constexpr std::size_t kTag = 16;
constexpr std::size_t kMost = 1u << 20;

// Looked up once: OpenSSL 3 searches its providers, under a lock, for a cipher that was not fetched.
const EVP_CIPHER* cipher_of_seals() {
    static const std::unique_ptr<EVP_CIPHER, openssl::Freer<EVP_CIPHER_free>> fetched(
        EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
    return fetched.get();
}

// A number used once: 64 random bits, and a count (the deterministic construction of NIST SP 800-38D,
// section 8.2.1, with a field that chance makes unique to the thread). Random bits for each would
// cost more than the sealing. Nothing that seals forks. False: no randomness to be had.
bool write_nonce(char* nonce) {
    struct Numbers {
        std::array<unsigned char, 8> field{};
        std::uint32_t count = 0;  // 0: the field is to be drawn
    };
    thread_local Numbers numbers;
    if (numbers.count == 0 && RAND_bytes(numbers.field.data(), numbers.field.size()) != 1) {
        return false;
    }
    ++numbers.count;
    static_assert(sizeof numbers.field + sizeof numbers.count == kNonce);
    std::memcpy(nonce, numbers.field.data(), numbers.field.size());
    std::memcpy(nonce + numbers.field.size(), &numbers.count, sizeof numbers.count);
    return true;
}

unsigned char* bytes(char* text) {
    return reinterpret_cast<unsigned char*>(text);
}
const unsigned char* bytes(const char* text) {
    return reinterpret_cast<const unsigned char*>(text);
}

std::string url_safe(std::string_view raw) {
    std::string text;
    append_base64(text, raw);
    while (text.ends_with('=')) text.pop_back();
    for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
    return text;
}

std::optional<std::string> from_url_safe(std::string_view text) {
    std::string padded(text);
    for (char& c : padded) {
        if (c == '+' || c == '/' || c == '=') return std::nullopt;
        c = c == '-' ? '+' : c == '_' ? '/' : c;
    }
    const std::size_t padding = (4 - padded.size() % 4) % 4;
    if (padding == 3) return std::nullopt;
    padded.append(padding, '=');
    std::string raw(padded.size() / 4 * 3, '\0');
    if (EVP_DecodeBlock(bytes(raw.data()), bytes(padded.data()), static_cast<int>(padded.size())) <
        0) {
        return std::nullopt;
    }
    raw.resize(raw.size() - padding);
    return raw;
}

}  // namespace

SealKey::SealKey(std::string_view secret, std::string_view purpose) {
    // A key that is longer than a block is hashed by HMAC itself; an int must hold its size.
    const int size = static_cast<int>(std::min<std::size_t>(secret.size(), INT_MAX));
    HMAC(EVP_sha256(), secret.data() != nullptr ? secret.data() : "", size,
         bytes(purpose.data() != nullptr ? purpose.data() : ""), purpose.size(), key_.data(),
         nullptr);
}

std::string SealKey::seal(std::string_view text) const {
    const openssl::CleanErrorQueue clean;
    std::string raw(kNonce + text.size() + kTag, '\0');
    thread_local const CipherPtr cipher(EVP_CIPHER_CTX_new());
    int size = 0;
    const bool sealed =
        cipher && text.size() <= kMost && write_nonce(raw.data()) &&
        EVP_EncryptInit_ex(cipher.get(), cipher_of_seals(), nullptr, key_.data(),
                           bytes(raw.data())) == 1 &&
        EVP_EncryptUpdate(cipher.get(), bytes(raw.data()) + kNonce, &size, bytes(text.data()),
                          static_cast<int>(text.size())) == 1 &&
        EVP_EncryptFinal_ex(cipher.get(), bytes(raw.data()) + kNonce + size, &size) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTag,
                            raw.data() + kNonce + text.size()) == 1;
    return sealed ? url_safe(raw) : std::string();
}

std::optional<std::string> SealKey::open(std::string_view sealed) const {
    const openssl::CleanErrorQueue clean;
    if (sealed.size() > kMost) return std::nullopt;
    auto raw = from_url_safe(sealed);
    if (!raw || raw->size() < kNonce + kTag) return std::nullopt;
    std::string text(raw->size() - kNonce - kTag, '\0');
    const CipherPtr cipher(EVP_CIPHER_CTX_new());
    int size = 0;
    const bool opened =
        cipher &&
        EVP_DecryptInit_ex(cipher.get(), cipher_of_seals(), nullptr, key_.data(),
                           bytes(raw->data())) == 1 &&
        EVP_DecryptUpdate(cipher.get(), bytes(text.data()), &size, bytes(raw->data()) + kNonce,
                          static_cast<int>(text.size())) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTag,
                            raw->data() + kNonce + text.size()) == 1 &&
        EVP_DecryptFinal_ex(cipher.get(), bytes(text.data()) + size, &size) == 1;
    if (!opened) return std::nullopt;
    return text;
}

}  // namespace patchbay
