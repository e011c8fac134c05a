// Takes secrets out of foreign texts: what providers say of errors, links in records.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/secret.hpp"

namespace patchbay {

inline constexpr std::string_view kRedactedSecret = "[redacted]";

/// Replaces in `text`: every one of `known` that has six bytes or more (less is no secret, and
/// would be found in every other word); what has the form of a key (sk-..., Bearer ..., AKIA...,
/// JSON Web Tokens); the values of secret names in "name=value" and "\"name\":\"value\""; user
/// information in addresses. Linear in the text for each of `known`. Any thread.
void redact_secrets(std::string& text, std::span<const Secret> known);

/// If `text` is one http or https address and nothing else: its user information and the values of
/// its query's secrets (key, token, signatures of links that are signed) are replaced. Returns
/// whether it was.
bool redact_link(std::string& text);

}  // namespace patchbay
