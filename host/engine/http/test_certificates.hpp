// Test support: certificates made on the spot.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <unistd.h>

#include <boost/asio/ssl/context.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace patchbay::http::testing {

/// A self-signed certificate for `names` in OpenSSL's notation ("DNS:localhost,IP:127.0.0.1"), a
/// server's context that shows it, and a file that trusts it.
class TestCertificate {
  public:
    explicit TestCertificate(const char* names)
        : key_(EVP_EC_gen("P-256"), EVP_PKEY_free),
          certificate_(X509_new(), X509_free),
          context_(boost::asio::ssl::context::tls_server) {
        X509* const x = certificate_.get();
        X509_set_version(x, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
        X509_gmtime_adj(X509_getm_notBefore(x), -3600);
        X509_gmtime_adj(X509_getm_notAfter(x), 3600);
        X509_set_pubkey(x, key_.get());
        X509_NAME* const name = X509_get_subject_name(x);
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
        X509_set_issuer_name(x, name);
        X509_EXTENSION* const extension =
            X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names);
        X509_add_ext(x, extension, -1);
        X509_EXTENSION_free(extension);
        X509_sign(x, key_.get(), EVP_sha256());

        SSL_CTX* const native = context_.native_handle();
        SSL_CTX_use_certificate(native, x);
        SSL_CTX_use_PrivateKey(native, key_.get());

        char path[] = "/tmp/patchbay-ca-XXXXXX";
        const int fd = mkstemp(path);
        FILE* const file = fdopen(fd, "w");
        PEM_write_X509(file, x);
        std::fclose(file);
        file_ = path;
    }
    ~TestCertificate() { unlink(file_.c_str()); }
    TestCertificate(const TestCertificate&) = delete;
    TestCertificate& operator=(const TestCertificate&) = delete;

    boost::asio::ssl::context& context() { return context_; }
    const std::string& file() const { return file_; }

  private:
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
    std::unique_ptr<X509, decltype(&X509_free)> certificate_;
    boost::asio::ssl::context context_;
    std::string file_;
};

}  // namespace patchbay::http::testing
