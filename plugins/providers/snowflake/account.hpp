// SPDX-License-Identifier: Apache-2.0
// Where an account of Snowflake's is, and how its keys are shown ("Cortex REST API").
#pragma once

#include <string>
#include <string_view>

namespace patchbay::snowflake {

/// The header that says what kind of token stands in `authorization`.
inline constexpr std::string_view kTokenTypeHeader = "x-snowflake-authorization-token-type";

/// A key as an operator writes it: a JWT, or "pat/" and a programmatic access token.
struct Token {
    std::string_view value;  ///< a part of what was given
    std::string_view type;   ///< for kTokenTypeHeader; static
};

Token token_of(std::string_view key);

/// "https://<account>.snowflakecomputing.com/api/v2"; empty if there is no account, or if it could not
/// be a part of a host's name.
std::string account_url(std::string_view account);

/// Where Claude is asked by Anthropic's Messages API; `base` as account_url() gives it.
std::string messages_url(std::string_view base);

}  // namespace patchbay::snowflake
