#include "engine/http/tls.hpp"

#include <boost/asio/ip/address.hpp>
#include <openssl/x509v3.h>

namespace patchbay::http {

namespace {

/// Slot of an SSL that points to its TlsSession. Not SSL_set_app_data: Asio has that one.
int session_index() {
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

/// OpenSSL's callback for new sessions; 1 = ownership was taken.
int keep_session(SSL* ssl, SSL_SESSION* session) {
    auto* const slot = static_cast<TlsSession*>(SSL_get_ex_data(ssl, session_index()));
    if (slot == nullptr) return 0;
    slot->reset(session);
    return 1;
}

}  // namespace

boost::system::result<boost::asio::ssl::context*, std::string> TlsContexts::get(bool verify) {
    namespace ssl = boost::asio::ssl;
    auto& slot = contexts_[verify ? 1 : 0];
    if (slot) return &*slot;
    try {
        ssl::context context(ssl::context::tls_client);
        SSL_CTX* const native = context.native_handle();
        SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
        SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
        SSL_CTX_sess_set_new_cb(native, keep_session);
        static constexpr unsigned char kProtocols[] = "\x08http/1.1";
        SSL_CTX_set_alpn_protos(native, kProtocols, sizeof kProtocols - 1);
        boost::system::error_code ec;
        if (verify) {
            context.set_verify_mode(ssl::verify_peer);
            if (ca_file_.empty()) {
                context.set_default_verify_paths(ec);
                if (ec) return "cannot read the system's certificates: " + ec.message();
            } else {
                context.load_verify_file(ca_file_, ec);
                if (ec) return "cannot read certificates from " + ca_file_ + ": " + ec.message();
            }
        } else {
            context.set_verify_mode(ssl::verify_none);
        }
        return &slot.emplace(std::move(context));
    } catch (const boost::system::system_error& error) {
        return std::string("cannot set up TLS: ") + error.what();
    }
}

bool prepare_handshake(SSL* ssl, const std::string& host, bool verify, TlsSession& session) {
    boost::system::error_code ec;
    boost::asio::ip::make_address(host, ec);
    const bool is_address = !ec;
    // An address is no server name (RFC 6066, section 3).
    if (!is_address && SSL_set_tlsext_host_name(ssl, host.c_str()) != 1) return false;
    if (verify) {
        SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        const int set = is_address
                            ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str())
                            : SSL_set1_host(ssl, host.c_str());
        if (set != 1) return false;
    }
    if (session && SSL_SESSION_is_resumable(session.get()) == 1) {
        SSL_set_session(ssl, session.get());
    }
    return SSL_set_ex_data(ssl, session_index(), &session) == 1;
}

void leave_session(SSL* ssl) {
    if (SSL_is_init_finished(ssl) == 1) {
        SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    }
    SSL_set_ex_data(ssl, session_index(), nullptr);
}

std::string describe_handshake(SSL* ssl, const boost::system::error_code& ec) {
    if (const long result = SSL_get_verify_result(ssl);
        result != X509_V_OK && SSL_get_verify_mode(ssl) != SSL_VERIFY_NONE) {
        return std::string("certificate refused: ") + X509_verify_cert_error_string(result);
    }
    return ec.message();
}

}  // namespace patchbay::http
