// SPDX-License-Identifier: Apache-2.0
#include "signature.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace patchbay::oci {

namespace {

constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Host, and path with query, of an address.
std::pair<std::string_view, std::string_view> parts_of(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
    const auto path = url.find('/');
    if (path == std::string_view::npos) return {url, "/"};
    return {url.substr(0, path), url.substr(path)};
}

}  // namespace

std::string http_date(std::int64_t unix_ms) {
    const std::chrono::sys_time<std::chrono::milliseconds> now{std::chrono::milliseconds(unix_ms)};
    const auto day = std::chrono::floor<std::chrono::days>(now);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(now - day)};
    char text[64];
    std::snprintf(
        text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d GMT",
        kDays[std::chrono::weekday(day).c_encoding()].data(), static_cast<unsigned>(date.day()),
        kMonths[static_cast<unsigned>(date.month()) - 1].data(), static_cast<int>(date.year()),
        static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
        static_cast<int>(time.seconds().count()));
    return text;
}

std::string base64(std::string_view bytes) {
    std::string text = bay::base64url(bytes);
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    while (text.size() % 4 != 0) text += '=';
    return text;
}

shared::Result<Headers> signed_headers(const bay::Crypto& crypto, const Identity& identity,
                                       std::string_view url, std::string_view body,
                                       std::int64_t unix_ms) {
    const auto [host, path] = parts_of(url);
    const std::string date = http_date(unix_ms);
    const std::string digest = base64(bay::bytes_of(crypto.sha256(body)));
    std::string text = "date: " + date;
    text.append("\n(request-target): post ").append(path);
    text.append("\nhost: ").append(host);
    text.append("\ncontent-length: ").append(std::to_string(body.size()));
    text.append("\ncontent-type: application/json");
    text.append("\nx-content-sha256: ").append(digest);
    std::string signature;
    if (crypto.sign("RS256", identity.key, text, signature) != BAY_OK) {
        shared::Failure failure;
        failure.cls = BAY_ERR_AUTH;
        failure.message =
            "oci_key cannot sign: it must be an RSA key as PEM that is not encrypted (PKCS#8)";
        return failure;
    }
    std::string authorization = "Signature version=\"1\",keyId=\"";
    authorization.append(identity.tenancy).append("/").append(identity.user).append("/");
    authorization.append(identity.fingerprint);
    authorization.append(
        "\",algorithm=\"rsa-sha256\",headers=\"date (request-target) host content-length "
        "content-type x-content-sha256\",signature=\"");
    authorization.append(base64(signature)).append("\"");
    return Headers{
        {"date", date}, {"x-content-sha256", digest}, {"authorization", std::move(authorization)}};
}

}  // namespace patchbay::oci
