#include "session.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace patchbay::aws {

namespace {

constexpr std::int64_t kEarlyMs = 60'000;
constexpr std::int64_t kLongestMs = 24 * 3'600'000;

// Digits at `at`, which must be all there.
bool take(std::string_view text, std::size_t at, std::size_t digits, int& number) {
    const auto part = text.substr(at, digits);
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    return part.size() == digits && error == std::errc() && end == part.data() + part.size() &&
           part.front() != '-';
}

}  // namespace

std::optional<std::int64_t> parse_instant(std::string_view text) {
    constexpr std::string_view kForm = "....-..-..T..:..:..";
    if (text.size() <= kForm.size() || text.back() != 'Z') return std::nullopt;
    for (std::size_t i = 0; i < kForm.size(); ++i) {
        if (kForm[i] != '.' && kForm[i] != text[i]) return std::nullopt;
    }
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    if (!take(text, 0, 4, year) || !take(text, 5, 2, month) || !take(text, 8, 2, day) ||
        !take(text, 11, 2, hour) || !take(text, 14, 2, minute) || !take(text, 17, 2, second)) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
    const std::chrono::milliseconds since = std::chrono::sys_days(date).time_since_epoch();
    return since.count() + ((hour * 60LL + minute) * 60 + second) * 1000;
}

std::uint32_t ttl_ms(std::int64_t ends_ms, std::int64_t now_ms) {
    const auto whole = std::clamp<std::int64_t>(ends_ms - now_ms, 0, kLongestMs);
    return static_cast<std::uint32_t>(whole > 2 * kEarlyMs ? whole - kEarlyMs : whole / 2);
}

std::string shared_value(const Session& session) {
    return to_text(json::object{{"id", session.access_key_id},
                                {"secret", session.secret_access_key},
                                {"token", session.session_token}});
}

std::optional<Session> session_of(std::string_view value) {
    const auto parsed = parse_json(value);
    const auto* object = parsed ? parsed->if_object() : nullptr;
    if (!object) return std::nullopt;
    Session session{std::string(text(*object, "id")), std::string(text(*object, "secret")),
                    std::string(text(*object, "token"))};
    return session.complete() ? std::optional(std::move(session)) : std::nullopt;
}

Result<EndingSession> read_credentials(std::string_view json_text) {
    const auto parsed = parse_json(json_text);
    const auto* told = parsed ? parsed->if_object() : nullptr;
    if (!told) return refused("the credential endpoint's answer is no JSON object");
    EndingSession made;
    made.session = {std::string(text(*told, "AccessKeyId")),
                    std::string(text(*told, "SecretAccessKey")), std::string(text(*told, "Token"))};
    const auto ends = parse_instant(text(*told, "Expiration"));
    if (!made.session.complete() || !ends) {
        return refused("the credential endpoint's answer holds no keys with an end");
    }
    made.ends_ms = *ends;
    return made;
}

Failure refused(std::string_view why) {
    Failure failure;
    failure.cls = BAY_ERR_AUTH;
    failure.message = why;
    return failure;
}

}  // namespace patchbay::aws
