// OpenSSL's objects as owners that free them.
#pragma once

#include <memory>

#include <openssl/err.h>
#include <openssl/evp.h>

namespace patchbay::openssl {

template <auto Free>
struct Freer {
    template <class T>
    void operator()(T* pointer) const {
        Free(pointer);
    }
};
using BioPtr = std::unique_ptr<BIO, Freer<BIO_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using MacPtr = std::unique_ptr<EVP_MAC_CTX, Freer<EVP_MAC_CTX_free>>;
using DigestPtr = std::unique_ptr<EVP_MD_CTX, Freer<EVP_MD_CTX_free>>;

/// OpenSSL's error queue is per thread and TLS code on this thread reads it: leave nothing behind.
struct CleanErrorQueue {
    ~CleanErrorQueue() { ERR_clear_error(); }
};

}  // namespace patchbay::openssl
