// SPDX-License-Identifier: Apache-2.0
#include "model.hpp"

#include <array>
#include <charconv>
#include <optional>

namespace patchbay::anthropic {

namespace {

constexpr auto npos = std::string_view::npos;

struct Row {
    std::string_view family;  ///< empty: every one
    int from;                 ///< version * 100
    ModelTraits traits;
};

constexpr ModelTraits kOld{ThinkingModes::none, Sampling::free, Effort::none, false, true, false};
constexpr ModelTraits kBudget{
    ThinkingModes::budget, Sampling::free, Effort::none, false, true, false};
constexpr ModelTraits kOneOf{
    ThinkingModes::budget, Sampling::one_of, Effort::none, false, true, true};
constexpr ModelTraits kOpus45{
    ThinkingModes::budget, Sampling::one_of, Effort::high, false, true, true};
constexpr ModelTraits k46{ThinkingModes::both, Sampling::one_of, Effort::max, false, false, true};
constexpr ModelTraits k47{ThinkingModes::adaptive, Sampling::fixed, Effort::max, true, false, true};

// The first row that fits counts. Sources, all of Anthropic: "Extended thinking", "Adaptive
// thinking", "Effort", and for what newer models refuse "Migration guide" and "What's new in Claude
// 4.6" (prefill), "Structured outputs".
constexpr std::array kRows{
    Row{"mythos", 0, k47},    Row{"fable", 0, k47},      Row{"", 407, k47},
    Row{"", 406, k46},        Row{"opus", 405, kOpus45}, Row{"", 405, kOneOf},
    Row{"opus", 401, kOneOf}, Row{"", 307, kBudget},     Row{"", 0, kOld},
};

std::string_view next_word(std::string_view& name) {
    const auto end = name.find_first_of("-.@:[");
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
    std::string_view family;
    std::optional<int> version;
    while (!model.empty() && (family.empty() || !version)) {
        const auto word = next_word(model);
        if (const auto major = version_number(word); major && !version) {
            auto rest = model;
            const auto minor = version_number(next_word(rest));
            if (minor) model = rest;
            version = *major * 100 + minor.value_or(0);
        } else if (family.empty() && !word.empty()) {
            family = word;
        }
    }
    if (family == "instant") return kOld;
    for (const auto& row : kRows) {
        if (!row.family.empty() && row.family != family) continue;
        if (version ? *version >= row.from : !row.family.empty() && row.from == 0) {
            return row.traits;
        }
    }
    return {};
}

}  // namespace patchbay::anthropic
