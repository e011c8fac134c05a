// The text of a request's head.
#pragma once

#include <string>
#include <string_view>

#include "engine/http/client.hpp"

namespace patchbay::http {

/// How the request target is written (RFC 9112, section 3.2).
enum class TargetForm {
    origin,    ///< to the origin itself, or through a tunnel
    absolute,  ///< to a proxy
};

/// False if a name or value cannot be written safely: it holds CR, LF or NUL, or the name is no
/// token.
bool sendable(const Header& header);

/// Appends request line and header section to `out`. Host, Content-Length, Connection and
/// Accept-Encoding are written here, and what the caller gave of those and of Transfer-Encoding is
/// left out: they belong to the connection. `proxy_authorization`: value of that header, empty =
/// none. False, with part of the head in `out`, if a method, target, name or value cannot be
/// written safely.
[[nodiscard]] bool append_request_head(const Request& request, TargetForm form,
                                       std::string_view proxy_authorization, std::string& out);

}  // namespace patchbay::http
