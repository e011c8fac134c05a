// The answers of token servers (RFC 6749, section 5), as values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "failure/failure.hpp"

namespace patchbay::shared {

/// A token and for how long other calls may begin with it.
struct Token {
    std::string value;
    std::uint32_t ttl_ms = 0;
};

/// For how long other calls may begin with a token that lives `seconds` from now: until a minute before
/// its end, and of one of less than two minutes half of its time. 0: it has ended.
std::uint32_t kept_ms(std::int64_t seconds);

/// The token of a token server's answer, for as long as kept_ms() says. Its time is `expires_in` in seconds, else `expires_on` in
/// seconds since 1970 against `now`; both may be texts. Fails with BAY_ERR_AUTH if it holds none.
Result<Token> read_token(std::string_view json, std::int64_t now);

/// What a refusal says that cannot be a secret: the error code, if it is one of RFC 6749, and
/// Microsoft's numbers ("AADSTS7000215"), separated by commas. Empty if it says neither.
std::string refusal_codes(std::string_view json);

}  // namespace patchbay::shared
