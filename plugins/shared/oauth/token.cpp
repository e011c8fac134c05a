#include "token.hpp"

#include <algorithm>
#include <charconv>

#include "json/access.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::shared {

namespace {

constexpr std::int64_t kEarlyMs = 60'000;
constexpr std::int64_t kLongestSeconds = 24 * 3600;

// RFC 6749, section 5.2.
constexpr std::string_view kErrors[] = {"invalid_request",        "invalid_client",
                                        "invalid_grant",          "unauthorized_client",
                                        "unsupported_grant_type", "invalid_scope"};

/// A count that some servers write as a text.
std::int64_t seconds(const json::object& object, std::string_view name) {
    const std::string_view digits = text(object, name);
    if (digits.empty()) return static_cast<std::int64_t>(count(object, name));
    std::int64_t value = 0;
    const char* const end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, value);
    return read.ec == std::errc() && read.ptr == end ? value : 0;
}

}  // namespace

std::uint32_t kept_ms(std::int64_t seconds) {
    const std::int64_t whole = std::clamp<std::int64_t>(seconds, 0, kLongestSeconds) * 1000;
    return static_cast<std::uint32_t>(whole > 2 * kEarlyMs ? whole - kEarlyMs : whole / 2);
}

Result<Token> read_token(std::string_view json_text, std::int64_t now) {
    const auto parsed = parse_json(json_text);
    const json::object* told = parsed ? parsed->if_object() : nullptr;
    const std::string_view value = text(told, "access_token");
    std::int64_t lives = told != nullptr ? seconds(*told, "expires_in") : 0;
    if (told != nullptr && lives <= 0) lives = seconds(*told, "expires_on") - now;
    if (value.empty() || lives <= 0) {
        Failure failure;
        failure.cls = BAY_ERR_AUTH;
        failure.message = "the token server's answer holds no token with a lifetime";
        return failure;
    }
    return Token{std::string(value), kept_ms(lives)};
}

std::string refusal_codes(std::string_view json_text) {
    const auto parsed = parse_json(json_text);
    const json::object* told = parsed ? parsed->if_object() : nullptr;
    const std::string_view error = text(told, "error");
    const bool known =
        std::find(std::begin(kErrors), std::end(kErrors), error) != std::end(kErrors);
    std::string codes(known ? error : std::string_view());
    const json::array* numbers = find_array(told, "error_codes");
    if (numbers == nullptr) return codes;
    for (const json::value& number : *numbers) {
        if (!number.is_int64() && !number.is_uint64()) continue;
        if (!codes.empty()) codes += ", ";
        codes.append("AADSTS").append(json_tree::write(number));
    }
    return codes;
}

}  // namespace patchbay::shared
