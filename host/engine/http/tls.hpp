// TLS as a client: trust, verification, session reuse.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <boost/asio/ssl/context.hpp>
#include <boost/system/result.hpp>
#include <openssl/ssl.h>

namespace patchbay::http {

struct SessionFree {
    void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
};
/// The newest session a server gave, to resume with; null if none.
using TlsSession = std::unique_ptr<SSL_SESSION, SessionFree>;

/// One OpenSSL context with and one without verification, made when first needed. Used on one
/// thread. TLS 1.2 at least, ALPN "http/1.1".
class TlsContexts {
  public:
    /// `ca_file`: PEM file of the trusted certificates; empty = the system's.
    explicit TlsContexts(std::string ca_file) : ca_file_(std::move(ca_file)) {}

    /// The error says which file could not be read.
    boost::system::result<boost::asio::ssl::context*, std::string> get(bool verify);

  private:
    std::string ca_file_;
    std::optional<boost::asio::ssl::context> contexts_[2];
};

/// Readies `ssl` for a handshake with `host` (a name or an address): SNI, name check if `verify`,
/// resumption of what `session` holds. Later sessions are put into `session`, which must live until
/// leave_session() or the end of `ssl`. False if OpenSSL refuses the name.
bool prepare_handshake(SSL* ssl, const std::string& host, bool verify, TlsSession& session);

/// To be called before the socket is closed: sessions that come later are dropped. The one that was
/// kept stays good, which OpenSSL takes away from connections that end without a close_notify; RFC
/// 8446 (6.1) does not ask for that.
void leave_session(SSL* ssl);

/// What went wrong in a handshake that failed with `ec`, for logs: a certificate's fault if it was
/// that.
std::string describe_handshake(SSL* ssl, const boost::system::error_code& ec);

}  // namespace patchbay::http
