#include "engine/call/headroom.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace patchbay {

namespace {

/// One limit, by the names of its headers.
struct Limit {
    std::string_view limit;
    std::string_view remaining;
    std::string_view reset;
};
// The resets of Anthropic's are times of the day, of a bucket that fills all the while.
constexpr Limit kLimits[] = {
    {"x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"},
    {"x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"},
    {"anthropic-ratelimit-requests-limit", "anthropic-ratelimit-requests-remaining", {}},
    {"anthropic-ratelimit-tokens-limit", "anthropic-ratelimit-tokens-remaining", {}},
    {"anthropic-ratelimit-input-tokens-limit", "anthropic-ratelimit-input-tokens-remaining", {}},
    {"anthropic-ratelimit-output-tokens-limit", "anthropic-ratelimit-output-tokens-remaining", {}},
};
constexpr double kUnsaid = 10;  ///< seconds
constexpr double kMost = 60;

std::string_view value_of(std::span<const http::Header> headers, std::string_view name) {
    const auto found =
        std::find_if(headers.begin(), headers.end(),
                     [&](const http::Header& header) { return header.name == name; });
    return found == headers.end() || name.empty() ? std::string_view() : found->value;
}

// A number at the beginning of `text`, which is taken off.
std::optional<double> take_number(std::string_view& text) {
    double value = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc() || !(value >= 0) || value > 1e15) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

std::optional<double> count_of(std::string_view text) {
    const auto number = take_number(text);
    return text.empty() ? number : std::nullopt;
}

// "12ms", "1.5s", "6m0s", "1h2m3s", "17".
std::optional<double> seconds_of(std::string_view text) {
    if (text.empty()) return std::nullopt;
    double sum = 0;
    while (!text.empty()) {
        const auto number = take_number(text);
        if (!number) return std::nullopt;
        double unit = 1;
        if (text.starts_with("ms")) {
            unit = 1e-3;
            text.remove_prefix(2);
        } else if (!text.empty()) {
            if (text[0] != 'h' && text[0] != 'm' && text[0] != 's') return std::nullopt;
            unit = text[0] == 'h' ? 3600 : text[0] == 'm' ? 60 : 1;
            text.remove_prefix(1);
        }
        sum += *number * unit;
    }
    return sum;
}

}  // namespace

std::optional<Headroom> headroom_in(std::span<const http::Header> headers) {
    std::optional<Headroom> least;
    for (const Limit& one : kLimits) {
        const auto remaining = count_of(value_of(headers, one.remaining));
        const auto limit = count_of(value_of(headers, one.limit));
        if (!remaining || !limit || *limit <= 0) continue;
        const auto share = static_cast<float>(std::min(*remaining / *limit, 1.0));
        if (least && least->share <= share) continue;
        const double reset = seconds_of(value_of(headers, one.reset)).value_or(kUnsaid);
        const auto valid = static_cast<std::int64_t>(std::clamp(reset, 1.0, kMost));
        least = Headroom{share, std::chrono::seconds(valid)};
    }
    return least;
}

}  // namespace patchbay
