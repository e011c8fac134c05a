#include "engine/plugins/trust.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <span>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "contract/crypto/openssl.hpp"
#include "engine/plugins/trusted_file.hpp"

namespace patchbay {

namespace {

using namespace openssl;

constexpr std::size_t kSignature = 64;
constexpr std::size_t kMaxKeyFile = 64u << 10;
constexpr std::size_t kMaxSignatureFile = 4096;

// Base64 with padding of exactly `size` bytes, blanks around it ignored; empty = it is not.
std::string from_base64(std::string_view text, std::size_t size) {
    constexpr std::string_view kBlank = " \t\r\n";
    std::string packed;
    for (const char c : text) {
        if (kBlank.find(c) == std::string_view::npos) packed += c;
    }
    if (packed.size() != (size + 2) / 3 * 4) return {};
    const std::size_t padding = packed.size() / 4 * 3 - size;
    const std::size_t letters = packed.size() - padding;
    if (packed.find('=') != (padding != 0 ? letters : std::string::npos)) return {};
    std::string bytes(packed.size() / 4 * 3, '\0');
    const int got = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                    reinterpret_cast<const unsigned char*>(packed.data()),
                                    static_cast<int>(packed.size()));
    if (got < 0) return {};
    bytes.resize(size);
    return bytes;
}

// Raw bytes of a public key given as PEM or base64; empty = it is neither.
std::string public_key(std::string_view text) {
    if (text.find("-----BEGIN") == std::string_view::npos) return from_base64(text, 32);
    const CleanErrorQueue clean;
    const BioPtr bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    if (!bio) return {};
    const KeyPtr key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519) return {};
    std::string raw(32, '\0');
    std::size_t size = raw.size();
    if (EVP_PKEY_get_raw_public_key(key.get(), reinterpret_cast<unsigned char*>(raw.data()),
                                    &size) != 1) {
        return {};
    }
    return raw;
}

bool verifies(std::span<const unsigned char> key, std::string_view signature,
              std::string_view bytes) {
    const CleanErrorQueue clean;
    const KeyPtr pkey(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
    const DigestPtr context(EVP_MD_CTX_new());
    return pkey && context &&
           EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, pkey.get()) == 1 &&
           EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                            signature.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                            bytes.size()) == 1;
}

// The key itself, or what a file of that name holds. Both texts of the configuration.
boost::system::result<std::string, std::string> key_text(const std::string& given) {
    using boost::system::in_place_value;
    if (given.find("-----BEGIN") != std::string::npos || !from_base64(given, 32).empty()) {
        return {in_place_value, given};
    }
    return read_trusted_file(given, kMaxKeyFile);
}

}  // namespace

TrustPolicy::TrustPolicy(const PluginTrust& trust, std::vector<Problem>& problems) : trust_(trust) {
    for (const PlacedText& given : trust.ed25519) {
        const auto wrong = [&](const std::string& why) {
            broken_ = true;
            problems.push_back({Problem::Severity::error, given.place,
                                "`plugins.trust.ed25519`: " + why + "; no plugin is loaded"});
        };
        const auto text = key_text(given.text);
        if (!text) {
            wrong("the key file " + given.text + " " + text.error());
            continue;
        }
        const std::string raw = public_key(*text);
        if (raw.size() != std::tuple_size_v<PublicKey>) {
            wrong("expected an Ed25519 public key: PEM, 32 bytes in base64, or a file with one");
            continue;
        }
        std::copy(raw.begin(), raw.end(), keys_.emplace_back().begin());
    }
}

std::string TrustPolicy::check(const PluginFile& file) const {
    if (broken_) return "no file is trusted: a key of plugins.trust could not be read";
    if (std::string wrong = check_pin(file); !wrong.empty()) return wrong;
    return check_signature(file);
}

std::string TrustPolicy::check_pin(const PluginFile& file) const {
    if (!trust_.pinned) return {};
    bool named = false;
    for (const std::string& name :
         {std::string(), file.manifest.id, file.file.filename().string()}) {
        const auto pins = trust_.sha256.find(name);
        if (pins == trust_.sha256.end()) continue;
        named = true;
        const auto& hashes = pins->second;
        if (std::find(hashes.begin(), hashes.end(), file.sha256) != hashes.end()) return {};
    }
    return named ? "its hash, " + file.sha256 + ", is not the one pinned in plugins.trust.sha256"
                 : "it is not pinned in plugins.trust.sha256 (its hash is " + file.sha256 + ")";
}

std::string TrustPolicy::check_signature(const PluginFile& file) const {
    if (keys_.empty()) return {};
    std::filesystem::path name = file.file;
    name += ".sig";
    const auto read = read_trusted_file(name, kMaxSignatureFile);
    if (!read) return "its signature " + name.filename().string() + " " + read.error();
    const std::string signature =
        read->size() == kSignature ? *read : from_base64(*read, kSignature);
    if (signature.empty()) {
        return "its signature " + name.filename().string() +
               " holds neither 64 bytes nor these in base64";
    }
    for (const PublicKey& key : keys_) {
        if (verifies(key, signature, file.bytes)) return {};
    }
    return "its signature was made by none of the keys of plugins.trust.ed25519, or for other "
           "bytes";
}

}  // namespace patchbay
