// Keys for tests of signatures.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/pem.h>

namespace patchbay::test {

using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

/// PKCS#8, encrypted with the passphrase "secret" if there is a cipher.
inline std::string pem_of(EVP_PKEY* key, const EVP_CIPHER* cipher = nullptr) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
    char passphrase[] = "secret";
    PEM_write_bio_PKCS8PrivateKey(bio.get(), key, cipher, passphrase, cipher == nullptr ? 0 : 6,
                                  nullptr, nullptr);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

}  // namespace patchbay::test
