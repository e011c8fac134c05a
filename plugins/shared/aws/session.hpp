// Keys that end: what roles and machines are given, and how it is kept among shared values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "json.hpp"
#include "patchbay/sdk/sigv4.hpp"

namespace patchbay::aws {

/// Keys of AWS that own their texts. Secrets: never in a message or a log.
struct Session {
    std::string access_key_id;
    std::string secret_access_key;
    std::string session_token;  ///< empty for keys that do not end

    bool complete() const { return !access_key_id.empty() && !secret_access_key.empty(); }
    bay::AwsKeys keys() const { return {access_key_id, secret_access_key, session_token}; }
};

/// A session and its end, in milliseconds since 1970.
struct EndingSession {
    Session session;
    std::int64_t ends_ms = 0;
};

/// "2026-01-01T00:00:00Z", with or without a fraction, in milliseconds since 1970; nothing for any
/// other text.
std::optional<std::int64_t> parse_instant(std::string_view text);

/// For how long other calls may begin with it: until a minute before its end, and of one that ends
/// within two minutes half of the time. 0: it has ended.
std::uint32_t ttl_ms(std::int64_t ends_ms, std::int64_t now_ms);

/// As a shared value, and back; nothing if `value` was not made by shared_value().
std::string shared_value(const Session& session);
std::optional<Session> session_of(std::string_view value);

/// What a container's or a machine's credential endpoint answers: {"AccessKeyId", "SecretAccessKey",
/// "Token", "Expiration"}. Fails with BAY_ERR_AUTH if it holds no keys with an end; nothing of the
/// text is repeated.
Result<EndingSession> read_credentials(std::string_view json_text);

/// BAY_ERR_AUTH with these words.
Failure refused(std::string_view why);

}  // namespace patchbay::aws
