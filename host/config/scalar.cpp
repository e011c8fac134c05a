#include "config/scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

namespace patchbay {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// "yes", "Yes" or "YES", but not "yEs": YAML knows these three spellings of a word.
bool is_word(std::string_view text, std::string_view lower) {
    if (text.size() != lower.size()) return false;
    const auto matches = [&](auto upper_at) {
        for (std::size_t i = 0; i < text.size(); ++i) {
            const char c = lower[i];
            if (text[i] != (upper_at(i) ? static_cast<char>(c - 'a' + 'A') : c)) return false;
        }
        return true;
    };
    return matches([](std::size_t) { return false; }) ||
           matches([](std::size_t i) { return i == 0; }) ||
           matches([](std::size_t) { return true; });
}

std::optional<bool> boolean(std::string_view text) {
    for (const char* word : {"true", "yes", "on"})
        if (is_word(text, word)) return true;
    for (const char* word : {"false", "no", "off"})
        if (is_word(text, word)) return false;
    return std::nullopt;
}

template <class Int>
std::optional<Int> whole(std::string_view text, int base) {
    Int value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// [-+]? ( . digits | digits ( . digits? )? ) ( [eE] [-+]? digits )?
bool is_number(std::string_view text) {
    const auto digits = [&text] {
        std::size_t count = 0;
        while (!text.empty() && is_digit(text.front())) {
            text.remove_prefix(1);
            ++count;
        }
        return count;
    };
    const auto take = [&text](std::string_view any) {
        if (text.empty() || any.find(text.front()) == any.npos) return false;
        text.remove_prefix(1);
        return true;
    };
    take("+-");
    std::size_t count = digits();
    if (take(".")) count += digits();
    if (count == 0) return false;
    if (take("eE")) {
        take("+-");
        if (digits() == 0) return false;
    }
    return text.empty();
}

std::optional<ScalarValue> number(std::string_view written) {
    std::string text(written);
    if (!text.empty() && is_digit(text.back())) std::erase(text, '_');
    if (text.rfind("0x", 0) == 0 || text.rfind("0o", 0) == 0) {
        const auto value =
            whole<std::int64_t>(std::string_view(text).substr(2), text[1] == 'x' ? 16 : 8);
        if (value && *value >= 0) return ScalarValue(*value);
        return std::nullopt;
    }
    if (!is_number(text)) return std::nullopt;
    const std::string_view unsigned_text =
        text.front() == '+' ? std::string_view(text).substr(1) : std::string_view(text);
    if (const auto value = whole<std::int64_t>(unsigned_text, 10)) return ScalarValue(*value);
    if (const auto value = whole<std::uint64_t>(unsigned_text, 10)) return ScalarValue(*value);
    double value = 0;
    const auto [end, error] =
        std::from_chars(unsigned_text.data(), unsigned_text.data() + unsigned_text.size(), value);
    if (error != std::errc() || end != unsigned_text.data() + unsigned_text.size() ||
        !std::isfinite(value)) {
        return std::nullopt;
    }
    return ScalarValue(value);
}

}  // namespace

ScalarValue type_scalar(const std::string& text) {
    if (text.empty() || text == "~" || is_word(text, "null")) return std::monostate();
    if (const auto value = boolean(text)) return *value;
    if (auto value = number(text)) return *std::move(value);
    return text;
}

boost::json::value scalar_to_json(ScalarValue value) {
    return std::visit(
        [](auto&& held) -> boost::json::value {
            using T = std::decay_t<decltype(held)>;
            if constexpr (std::is_same_v<T, std::monostate>) {
                return nullptr;
            } else if constexpr (std::is_same_v<T, std::string>) {
                return boost::json::string(held);
            } else {
                return held;
            }
        },
        std::move(value));
}

}  // namespace patchbay
