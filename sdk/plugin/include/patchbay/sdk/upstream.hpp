// SPDX-License-Identifier: Apache-2.0
// What most providers say about an upstream that failed, and JSON strings without a JSON library.
#pragma once

#include <string>

#include "out.hpp"

namespace bay {

/// BAY_ERR_* for an HTTP status of an upstream that says no more than that: the table of
/// docs/providers.md, "Errors". A provider that can tell more from the body (context length,
/// content policy, quota) should.
inline std::uint32_t class_of_status(std::int32_t status) noexcept {
    switch (status) {
        case 401:
            return BAY_ERR_AUTH;
        case 402:
            return BAY_ERR_QUOTA;
        case 403:
            return BAY_ERR_PERMISSION;
        case 404:
            return BAY_ERR_NOT_FOUND;
        case 408:
        case 504:
            return BAY_ERR_TIMEOUT;
        case 409:
            return BAY_ERR_UPSTREAM;
        case 429:
            return BAY_ERR_RATE_LIMIT;
        default:
            return status >= 400 && status < 500 ? std::uint32_t{BAY_ERR_BAD_REQUEST}
                                                 : std::uint32_t{BAY_ERR_UPSTREAM};
    }
}

/// BAY_ERR_* for a call that broke (bay_ev_http.failure, BAY_FAIL_*).
inline std::uint32_t class_of_failure(std::uint32_t failure) noexcept {
    return failure == BAY_FAIL_TIMEOUT  ? std::uint32_t{BAY_ERR_TIMEOUT}
           : failure == BAY_FAIL_DENIED ? std::uint32_t{BAY_ERR_PERMISSION}
                                        : std::uint32_t{BAY_ERR_UPSTREAM};
}

#if BAY_TARGET_MINOR >= 3
/// What a request fails with that waited for a shared value in vain: the class, the time to wait
/// and the text of the refresh's fail(). BAY_ERR_UPSTREAM if none was told: the refresh broke, or
/// the host is older than this. Views into the event. Only for a status other than BAY_OK.
inline Error error_of(const bay_ev_shared& shared) noexcept {
    Error error;
    error.cls = shared.cls != BAY_ERR_UNKNOWN ? shared.cls : std::uint32_t{BAY_ERR_UPSTREAM};
    error.retry_after_ms = shared.retry_after_ms;
    error.message = sv(shared.error);
    return error;
}
#endif

/// `text` (UTF-8) as a JSON string with its quotes.
inline std::string json_quote(std::string_view text) {
    static constexpr char kHex[] = "0123456789abcdef";
    std::string result = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            (result += '\\') += c;
        } else if (byte < 0x20) {
            ((result += "\\u00") += kHex[byte >> 4]) += kHex[byte & 15];
        } else {
            result += c;
        }
    }
    return result += '"';
}

}  // namespace bay
