#include "contract/crypto/crypto.hpp"

#include <climits>
#include <cstdlib>
#include <memory>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>

#include "contract/crypto/openssl.hpp"

namespace patchbay {

namespace {

using namespace openssl;
using EcSignaturePtr = std::unique_ptr<ECDSA_SIG, Freer<ECDSA_SIG_free>>;

constexpr int kMinRsaBits = 2048;
constexpr std::size_t kP256Half = 32;

// Without a callback of ours OpenSSL would ask for the passphrase of an encrypted key on the
// terminal.
int no_passphrase(char*, int, int, void*) {
    return -1;
}

KeyPtr read_key(bay_str pem) {
    if (pem.ptr == nullptr || pem.len > INT_MAX) return nullptr;
    const BioPtr bio(BIO_new_mem_buf(pem.ptr, static_cast<int>(pem.len)));
    if (!bio) return nullptr;
    return KeyPtr(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
}

bool is_p256(const EVP_PKEY* key) {
    char group[32];
    std::size_t size = 0;
    return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
           EVP_PKEY_get_group_name(key, group, sizeof group, &size) == 1 &&
           (std::string_view(group, size) == "prime256v1" ||
            std::string_view(group, size) == "P-256");
}

/// The signature as EVP makes it (DER for EC); empty on failure.
std::string raw_signature(EVP_PKEY* key, bay_str in) {
    const DigestPtr context(EVP_MD_CTX_new());
    if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) != 1)
        return {};
    const auto* data = reinterpret_cast<const unsigned char*>(in.ptr == nullptr ? "" : in.ptr);
    std::size_t size = 0;
    if (EVP_DigestSign(context.get(), nullptr, &size, data, in.len) != 1) return {};
    std::string signature(size, '\0');
    if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       data, in.len) != 1) {
        return {};
    }
    signature.resize(size);
    return signature;
}

/// R and S, big-endian, 32 bytes each, of a DER ECDSA signature; empty on failure.
std::string jose_signature(const std::string& der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const EcSignaturePtr signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
    if (!signature) return {};
    std::string result(2 * kP256Half, '\0');
    auto* bytes = reinterpret_cast<unsigned char*>(result.data());
    const int half = static_cast<int>(kP256Half);
    if (BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), bytes, half) != half ||
        BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), bytes + kP256Half, half) != half) {
        return {};
    }
    return result;
}

bay_status sign_with(bay_str alg, bay_str pem, bay_str in, std::uint8_t* out,
                     std::size_t* out_len) {
    if (alg.ptr == nullptr || out_len == nullptr) return BAY_E_INVALID;
    const std::string_view name(alg.ptr, alg.len);
    if (name != "RS256" && name != "ES256") return BAY_E_UNSUPPORTED;
    const CleanErrorQueue clean;
    const KeyPtr key = read_key(pem);
    if (!key) return BAY_E_INVALID;

    std::string signature;
    if (name == "RS256") {
        if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA ||
            EVP_PKEY_get_bits(key.get()) < kMinRsaBits) {
            return BAY_E_INVALID;
        }
        signature = raw_signature(key.get(), in);
    } else {
        if (!is_p256(key.get())) return BAY_E_INVALID;
        signature = jose_signature(raw_signature(key.get(), in));
    }
    if (signature.empty()) return BAY_E_INTERNAL;
    const std::size_t capacity = *out_len;
    *out_len = signature.size();
    if (out == nullptr || capacity < signature.size()) return BAY_E_LIMIT;
    signature.copy(reinterpret_cast<char*>(out), signature.size());
    return BAY_OK;
}

void BAY_CALL service_sha256(bay_str in, std::uint8_t out[32]) noexcept {
    const auto digest = sha256({in.ptr == nullptr ? "" : in.ptr, in.len});
    std::copy(digest.begin(), digest.end(), out);
}

// OpenSSL 3 looks an algorithm up under a lock each time that it is named: here it is named once. nullptr only
// without memory or without OpenSSL's default provider.
const EVP_MD* sha256_algorithm() {
    static const std::unique_ptr<EVP_MD, Freer<EVP_MD_free>> fetched(
        EVP_MD_fetch(nullptr, "SHA256", nullptr));
    return fetched.get();
}

// A context for HMAC with SHA-256 that takes any number of keys, one after the other; nullptr as above.
MacPtr new_hmac() {
    const std::unique_ptr<EVP_MAC, Freer<EVP_MAC_free>> fetched(
        EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr));
    MacPtr context(fetched ? EVP_MAC_CTX_new(fetched.get()) : nullptr);
    char digest[] = "SHA256";
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                 OSSL_PARAM_construct_end()};
    return context && EVP_MAC_CTX_set_params(context.get(), params) == 1 ? std::move(context)
                                                                         : nullptr;
}

void BAY_CALL service_hmac_sha256(bay_str key, bay_str in, std::uint8_t out[32]) noexcept {
    thread_local const MacPtr context = new_hmac();
    // Without a pointer EVP_MAC_init() would take the key of the last call.
    const auto bytes = [](bay_str text) {
        return reinterpret_cast<const unsigned char*>(text.ptr == nullptr ? "" : text.ptr);
    };
    std::size_t size = 0;
    if (!context || EVP_MAC_init(context.get(), bytes(key), key.len, nullptr) != 1 ||
        EVP_MAC_update(context.get(), bytes(in), in.len) != 1 ||
        EVP_MAC_final(context.get(), out, &size, 32) != 1) {
        std::abort();  // as sha256()
    }
}

bay_status BAY_CALL service_sign(bay_str alg, bay_str pem, bay_str in, std::uint8_t* out,
                                 std::size_t* out_len) noexcept {
    try {
        return sign_with(alg, pem, in, out, out_len);
    } catch (const std::bad_alloc&) {
        return BAY_E_NOMEM;
    }
}

bay_status BAY_CALL service_sha256_segments(bay_out* o, const bay_seg* segments,
                                            std::uint64_t count, std::uint8_t out[32]) noexcept {
    if (o == nullptr || out == nullptr || (segments == nullptr && count != 0)) return BAY_E_INVALID;
    const void* found = o->get_extension(o, kSegmentDigest.data());
    if (found == nullptr) return BAY_E_UNSUPPORTED;
    return static_cast<const SegmentDigest*>(found)->sha256(o, segments, count, out);
}

/// Adds the base64 of `bytes` slice by slice.
bool update_base64(EVP_MD_CTX* context, std::string_view bytes) {
    constexpr std::size_t kSlice = 3u << 12;  // a multiple of three bytes: padding ends a text
    std::array<unsigned char, kSlice / 3 * 4 + 1> text;
    for (std::size_t at = 0; at < bytes.size(); at += kSlice) {
        const std::string_view slice = bytes.substr(at, kSlice);
        const int size =
            EVP_EncodeBlock(text.data(), reinterpret_cast<const unsigned char*>(slice.data()),
                            static_cast<int>(slice.size()));
        if (EVP_DigestUpdate(context, text.data(), static_cast<std::size_t>(size)) != 1) {
            return false;
        }
    }
    return true;
}

}  // namespace

bay_status sha256_segments(const bay_seg* segments, std::uint64_t count, const BlobRange& range,
                           std::uint8_t out[32]) {
    const DigestPtr context(EVP_MD_CTX_new());
    if (!context || sha256_algorithm() == nullptr) return BAY_E_NOMEM;
    bool good = EVP_DigestInit_ex2(context.get(), sha256_algorithm(), nullptr) == 1;
    for (std::uint64_t i = 0; i < count && good; ++i) {
        const bay_seg& segment = segments[i];
        if (segment.kind > BAY_SEG_BLOB_BASE64) return BAY_E_UNSUPPORTED;
        std::string_view bytes;
        if (segment.kind == BAY_SEG_BYTES) {
            bytes = std::string_view(segment.bytes.ptr == nullptr ? "" : segment.bytes.ptr,
                                     segment.bytes.len);
        } else {
            const auto found = range(segment);
            if (!found) return BAY_E_INVALID;
            bytes = *found;
        }
        good = segment.kind == BAY_SEG_BLOB_BASE64
                   ? update_base64(context.get(), bytes)
                   : EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1;
    }
    unsigned int size = 0;
    good = good && EVP_DigestFinal_ex(context.get(), out, &size) == 1;
    return good ? BAY_OK : BAY_E_INTERNAL;
}

std::array<std::uint8_t, 32> sha256(std::string_view bytes) {
    thread_local const openssl::DigestPtr context(EVP_MD_CTX_new());
    std::array<std::uint8_t, 32> digest;
    if (sha256_algorithm() == nullptr || !context ||
        EVP_DigestInit_ex2(context.get(), sha256_algorithm(), nullptr) != 1 ||
        EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) != 1 ||
        EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1) {
        std::abort();  // only without memory or without OpenSSL's default provider: no digest can
                       // be had
    }
    return digest;
}

std::string sha256_hex(std::string_view bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    text.reserve(64);
    for (const std::uint8_t byte : sha256(bytes)) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

const bay_crypto& crypto_service() {
    static const bay_crypto table{sizeof(bay_crypto), 0,
                                  service_sha256,     service_hmac_sha256,
                                  service_sign,       service_sha256_segments};
    return table;
}

}  // namespace patchbay
