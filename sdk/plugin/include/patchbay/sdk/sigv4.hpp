// SPDX-License-Identifier: Apache-2.0
// AWS Signature Version 4 in the headers of a request, as AWS's "Create a signed AWS API request"
// has it. Pure: the time is passed in.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "crypto.hpp"
#include "percent.hpp"

namespace bay {

/// What signs: keys of AWS. The session token is empty for keys that do not expire. Views.
struct AwsKeys {
    std::string_view access_key_id, secret_access_key, session_token;
};

/// Where a signature holds, such as {"us-east-1", "bedrock"}. Views.
struct AwsScope {
    std::string_view region, service;
};

/// The request as it goes out. Views.
struct AwsRequest {
    std::string_view method;
    /// Absolute and without a fragment, percent-encoded as it is sent.
    std::string_view url;
    /// Headers that are signed too. `host` is taken from the URL and must not be among them, nor
    /// may what sigv4() returns.
    std::vector<std::pair<std::string_view, std::string_view>> headers;
    /// SHA-256 of the body's bytes; Crypto::sha256 of "" without one.
    Digest payload;
};

namespace sigv4_detail {

inline int nibble(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// The bytes of percent-encoded text; what is no encoding stays.
inline std::string decode(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool encoded = text[i] == '%' && i + 2 < text.size() && nibble(text[i + 1]) >= 0 &&
                             nibble(text[i + 2]) >= 0;
        result +=
            encoded ? static_cast<char>(nibble(text[i + 1]) * 16 + nibble(text[i + 2])) : text[i];
        if (encoded) i += 2;
    }
    return result;
}

/// The path without empty, "." and ".." segments (RFC 3986 section 5.2.4), as all services but S3
/// want it.
inline std::string normal(std::string_view path) {
    std::vector<std::string_view> kept;
    bool folder = true;  // ends in a slash
    for (std::size_t at = 0; at < path.size();) {
        const auto slash = std::min(path.find('/', at), path.size());
        const auto segment = path.substr(at, slash - at);
        if (segment == ".." && !kept.empty()) kept.pop_back();
        folder = slash < path.size() || segment.empty() || segment == "." || segment == "..";
        if (!segment.empty() && segment != "." && segment != "..") kept.push_back(segment);
        at = slash + 1;
    }
    std::string result;
    for (const auto segment : kept) result.append("/").append(segment);
    if (result.empty() || folder) result += '/';
    return result;
}

inline std::string canonical_query(std::string_view query) {
    std::vector<std::pair<std::string, std::string>> pairs;
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        const auto pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (pair.empty()) continue;
        const auto equals = std::min(pair.find('='), pair.size());
        const auto value = pair.substr(std::min(equals + 1, pair.size()));
        pairs.emplace_back(percent_encoded(decode(pair.substr(0, equals)), ""),
                           percent_encoded(decode(value), ""));
    }
    std::sort(pairs.begin(), pairs.end());
    std::string result;
    for (const auto& [name, value] : pairs) {
        if (!result.empty()) result += '&';
        result.append(name).append("=").append(value);
    }
    return result;
}

/// Without spaces at the ends, and with one where there are several.
inline std::string trimmed(std::string_view value) {
    std::string result;
    for (const char c : value) {
        const bool space = c == ' ' || c == '\t';
        if (space && (result.empty() || result.back() == ' ')) continue;
        result += space ? ' ' : c;
    }
    if (!result.empty() && result.back() == ' ') result.pop_back();
    return result;
}

inline std::string lower(std::string_view name) {
    std::string result(name);
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

/// "20150830T123600Z". By arithmetic, since gmtime_r() reads the time zone's file. The days are
/// those of the Gregorian calendar, in eras of 400 years that begin on the first of March.
inline std::string timestamp(std::int64_t unix_ms) {
    constexpr std::int64_t kDaySeconds = 86'400, kEraDays = 146'097, kEpoch = 719'468;
    const std::int64_t seconds = std::max<std::int64_t>(unix_ms, 0) / 1000;
    const std::int64_t of_day = seconds % kDaySeconds;
    const std::int64_t days = seconds / kDaySeconds + kEpoch;
    const std::int64_t of_era = days % kEraDays;
    const std::int64_t years = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
    const std::int64_t of_year = of_era - (365 * years + years / 4 - years / 100);
    const std::int64_t from_march = (5 * of_year + 2) / 153;
    const std::int64_t day = of_year - (153 * from_march + 2) / 5 + 1;
    const std::int64_t month = from_march < 10 ? from_march + 3 : from_march - 9;
    const std::int64_t year = days / kEraDays * 400 + years + (month <= 2 ? 1 : 0);

    std::string text;
    const auto put = [&](std::int64_t number, int digits) {
        text.append(static_cast<std::size_t>(digits), '0');
        for (std::size_t at = text.size(); digits-- > 0; number /= 10) {
            text[--at] = static_cast<char>('0' + number % 10);
        }
    };
    put(year, 4);
    put(month, 2);
    put(day, 2);
    text += 'T';
    put(of_day / 3600, 2);
    put(of_day / 60 % 60, 2);
    put(of_day % 60, 2);
    return text += 'Z';
}

}  // namespace sigv4_detail

/// The key that signs on one day (UTC) at one place: four digests, which are the greater part of what a signature
/// costs. Who signs often keeps it for the day. A secret, like that of the keys. [any]
inline Digest sigv4_key(const Crypto& crypto, std::string_view secret_access_key,
                        const AwsScope& scope, std::int64_t unix_ms) {
    const std::string day = sigv4_detail::timestamp(unix_ms).substr(0, 8);
    Digest key = crypto.hmac_sha256(std::string("AWS4").append(secret_access_key), day);
    for (const std::string_view part :
         {scope.region, scope.service, std::string_view("aws4_request")}) {
        key = crypto.hmac_sha256(bytes_of(key), part);
    }
    return key;
}

/// The headers to add to the request, names in lower case: "x-amz-date", "x-amz-security-token" if
/// the keys have a session, "x-amz-content-sha256" for S3, and "authorization". The path is encoded
/// once more than it is sent for every service but "s3". `unix_ms`: Host::unix_ms(); AWS refuses a
/// signature that is more than five minutes off. `key`: sigv4_key() of the same secret, scope and time.
/// [any]
inline std::vector<std::pair<std::string, std::string>> sigv4(
    const Crypto& crypto, const AwsKeys& keys, const AwsScope& scope, std::int64_t unix_ms,
    const AwsRequest& request, const Digest& key) {
    using namespace sigv4_detail;
    const std::string payload = hex(bytes_of(request.payload));
    const std::string time = timestamp(unix_ms);
    const bool s3 = scope.service == "s3";

    std::vector<std::pair<std::string, std::string>> added{{"x-amz-date", time}};
    if (s3) added.emplace_back("x-amz-content-sha256", payload);
    if (!keys.session_token.empty()) added.emplace_back("x-amz-security-token", keys.session_token);

    std::string_view rest = request.url;
    rest.remove_prefix(std::min(rest.find("://") + 3, rest.size()));
    const std::string_view host = rest.substr(0, rest.find_first_of("/?"));
    rest.remove_prefix(host.size());
    const std::string_view path = rest.substr(0, rest.find('?'));
    const std::string_view query = rest.substr(std::min(path.size() + 1, rest.size()));

    std::vector<std::pair<std::string, std::string>> headers = added;
    headers.emplace_back("host", host);
    for (const auto& [name, value] : request.headers) {
        headers.emplace_back(lower(name), trimmed(value));
    }
    // Values of one name keep their order.
    std::stable_sort(headers.begin(), headers.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::string lines, names;
    for (std::size_t i = 0; i < headers.size(); ++i) {
        if (i > 0 && headers[i].first == headers[i - 1].first) {
            lines.back() = ',';
        } else {
            names.append(names.empty() ? "" : ";").append(headers[i].first);
            lines.append(headers[i].first).append(":");
        }
        lines.append(headers[i].second).append("\n");
    }

    std::string canonical(request.method);
    canonical.append("\n").append(s3 ? std::string(path.empty() ? "/" : path)
                                     : percent_encoded(normal(path), "/"));
    canonical.append("\n").append(canonical_query(query)).append("\n").append(lines);
    canonical.append("\n").append(names).append("\n").append(payload);

    const std::string day = time.substr(0, 8);
    std::string where = day;
    where.append("/")
        .append(scope.region)
        .append("/")
        .append(scope.service)
        .append("/aws4_request");
    const std::string to_sign =
        "AWS4-HMAC-SHA256\n" + time + "\n" + where + "\n" + hex(bytes_of(crypto.sha256(canonical)));

    const std::string signature = hex(bytes_of(crypto.hmac_sha256(bytes_of(key), to_sign)));
    added.emplace_back("authorization", std::string("AWS4-HMAC-SHA256 Credential=")
                                            .append(keys.access_key_id)
                                            .append("/" + where + ", SignedHeaders=" + names +
                                                    ", Signature=" + signature));
    return added;
}

/// The same for who signs now and then: the key is made each time. [any]
inline std::vector<std::pair<std::string, std::string>> sigv4(const Crypto& crypto,
                                                              const AwsKeys& keys,
                                                              const AwsScope& scope,
                                                              std::int64_t unix_ms,
                                                              const AwsRequest& request) {
    return sigv4(crypto, keys, scope, unix_ms, request,
                 sigv4_key(crypto, keys.secret_access_key, scope, unix_ms));
}

}  // namespace bay
