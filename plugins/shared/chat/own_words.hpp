// OpenAI's names of voices and formats in a provider's words, as a table.
#pragma once

#include <algorithm>
#include <span>
#include <string_view>

namespace patchbay::shared {

struct OwnWord {
    std::string_view openai;
    std::string_view own;
};

/// The provider's word; empty if the table has none.
constexpr std::string_view own_word(std::span<const OwnWord> words, std::string_view openai) {
    const auto found = std::find_if(words.begin(), words.end(),
                                    [&](const OwnWord& word) { return word.openai == openai; });
    return found != words.end() ? found->own : std::string_view();
}

}  // namespace patchbay::shared
