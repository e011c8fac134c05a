// Hands one mail to a server: SMTP (RFC 5321) with STARTTLS (RFC 3207), or TLS from the first byte at port 465, and
// AUTH PLAIN or LOGIN (RFC 4954).
#pragma once

#include <chrono>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "config/mail_settings.hpp"
#include "engine/http/tls.hpp"

namespace patchbay {

struct Mail {
    std::string to;  ///< is_mail_address()
    std::string
        text;  ///< headers, an empty line, the body: lines end in CR LF and do not begin with a dot
};

/// Why it was not taken; empty: it was. The text says nothing of the password. Takes `patience` at most, for all of it.
/// On the loop of `io`; `tls`, `server` and `mail` must stay.
boost::asio::awaitable<std::string> send_mail(boost::asio::io_context& io, http::TlsContexts& tls,
                                              const MailSettings& server, const Mail& mail,
                                              std::chrono::milliseconds patience);

}  // namespace patchbay
