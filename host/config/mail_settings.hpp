// Where mail is handed in: LiteLLM's SMTP_* variables. Values only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "config/secret.hpp"

namespace patchbay {

struct MailSettings {
    static constexpr std::uint16_t kSubmission = 587;  ///< RFC 6409
    static constexpr std::uint16_t kTlsFirst = 465;    ///< RFC 8314: TLS from the first byte

    std::string host;                  ///< SMTP_HOST; empty: no mail is sent
    std::uint16_t port = kSubmission;  ///< SMTP_PORT
    std::string username;              ///< SMTP_USERNAME; empty: the server wants none
    Secret password;                   ///< SMTP_PASSWORD
    std::string sender;                ///< SMTP_SENDER_EMAIL
    bool tls = true;                   ///< SMTP_TLS; false: in the clear, also a password
    bool tls_first = false;            ///< with `tls`: no STARTTLS, but TLS from the first byte

    bool any() const { return !host.empty(); }
};

/// Can it stand in a command of SMTP, and in a header: "name@domain" without spaces, brackets and control characters?
bool is_mail_address(std::string_view text);

}  // namespace patchbay
