// The parts of an http or https URL that a client needs.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace patchbay::http {

/// Views into the text that was parsed.
struct Url {
    bool tls = false;
    std::string_view host;    ///< without brackets for IPv6
    std::uint16_t port = 0;   ///< given or the scheme's default
    std::string_view authority;  ///< host and port as written, for the Host header
    std::string_view target;  ///< path and query as written, "/" if there is none; no fragment
};

/// nullopt unless `text` is an absolute http(s) URL without user info, blanks or control characters.
std::optional<Url> parse_url(std::string_view text);

}  // namespace patchbay::http
