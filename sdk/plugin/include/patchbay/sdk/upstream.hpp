// SPDX-License-Identifier: Apache-2.0
// What most providers say about an upstream that failed, and JSON strings without a JSON library.
#pragma once

#include <string>

#include "text.hpp"

namespace bay {

/// BAY_ERR_* for an HTTP status of an upstream that says no more than that. A provider that can
/// tell more from the body (context length, content policy, quota) should.
inline std::uint32_t class_of_status(std::int32_t status) noexcept {
    switch (status) {
        case 401:
            return BAY_ERR_AUTH;
        case 403:
            return BAY_ERR_PERMISSION;
        case 404:
            return BAY_ERR_NOT_FOUND;
        case 408:
            return BAY_ERR_TIMEOUT;
        case 429:
            return BAY_ERR_RATE_LIMIT;
        case 503:
        case 529:
            return BAY_ERR_OVERLOADED;
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
