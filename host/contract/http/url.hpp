// The parts of an http or https URL that a client needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patchbay::http {

/// Views into the text that was parsed (or, for an absent path, into static storage).
struct Url {
    bool tls = false;
    std::string_view host;       ///< without brackets for IPv6; letters as written
    std::uint16_t port = 0;      ///< given or the scheme's default; never 0
    std::string_view authority;  ///< host and port as written, for the Host header
    std::string_view target;     ///< path and query as written, "/" if there is none; no fragment
};

/// Where the authority at the begin of `rest` (a URL behind its "://") ends: the first "/", "?" or "#"
/// (RFC 3986, section 3.2), else its size.
std::size_t authority_end(std::string_view rest);

/// nullopt unless `text` is an absolute http(s) URL (RFC 3986) without user info, blanks, control
/// or non-ASCII characters. The host is a name of letters, digits, "-", ".", "_" and "~", an IPv4
/// address, or an IPv6 address in brackets without a zone. A query needs a path ("http://h/?q", not
/// "http://h?q"), because the target is a view. Allocates nothing; any thread.
std::optional<Url> parse_url(std::string_view text);

/// What is wrong with an address that paths are put behind; empty = nothing. It must be a URL, as
/// above, without a fragment, which would swallow the path. Names the URL that was probably meant
/// where only the scheme is missing, else nothing of `text`, which may hold a key.
std::string base_url_fault(std::string_view text);

/// A ws or wss URL with the scheme that its connection is opened as: "wss://h/p" becomes
/// "https://h/p". nullopt if it has another scheme; the rest is not looked at.
std::optional<std::string> http_form(std::string_view websocket_url);

}  // namespace patchbay::http
