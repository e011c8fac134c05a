// SPDX-License-Identifier: Apache-2.0
#include "model.hpp"

#include <charconv>
#include <optional>

namespace patchbay::anthropic {

namespace {

constexpr auto npos = std::string_view::npos;

std::string_view next_word(std::string_view& name) {
    const auto end = name.find_first_of("-.@:");
    const auto word = name.substr(0, end);
    name.remove_prefix(end == npos ? name.size() : end + 1);
    return word;
}

// A version number has at most two digits; longer ones are dates.
std::optional<int> version_number(std::string_view word) {
    int number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    const bool whole = error == std::errc() && end == word.data() + word.size();
    return whole && word.size() <= 2 ? std::optional(number) : std::nullopt;
}

}  // namespace

ModelTraits traits_of(std::string_view model) {
    const auto start = model.find("claude-");
    if (start == npos) return {};
    model.remove_prefix(start + 7);
    auto word = next_word(model);
    if (word == "instant") return {.thinking = false};
    auto major = version_number(word);
    if (!major) major = version_number(next_word(model));
    if (!major) return {};
    const int minor = version_number(next_word(model)).value_or(0);
    const int version = *major * 100 + minor;
    return {.thinking = version >= 307, .adaptive = version >= 406};
}

}  // namespace patchbay::anthropic
