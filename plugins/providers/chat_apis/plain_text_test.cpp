// SPDX-License-Identifier: Apache-2.0
#include "plain_text.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay::chat_apis {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

std::vector<std::string> words_of(const std::vector<std::string>& pieces) {
    std::vector<std::string> given;
    const auto take = [&](std::string_view word) { given.emplace_back(word); };
    Words words;
    for (const std::string& piece : pieces) words.add(piece, take);
    words.end(take);
    return given;
}

TEST(Words, AreCutAtTheSamePlacesWhateverTheNetworkDoes) {
    const std::string text = "Hello, Jürgen  and\n你好🎉 the world [DONE]\n";
    const auto whole = words_of({text});
    EXPECT_THAT(
        whole, ElementsAre("Hello,", " Jürgen", "  and", "\n你", "好", "🎉", " the", " world", " "));
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
        EXPECT_THAT(words_of({text.substr(0, cut), text.substr(cut)}), ElementsAreArray(whole))
            << "cut at " << cut;
    }
    std::vector<std::string> bytes;
    for (const char byte : text) bytes.emplace_back(1, byte);
    EXPECT_THAT(words_of(bytes), ElementsAreArray(whole));
}

TEST(Words, TheEndMarkIsOnlyAtTheEnd) {
    EXPECT_THAT(words_of({"a[DONE]"}), ElementsAre("a"));
    EXPECT_THAT(words_of({"a [DONE] b"}), ElementsAre("a", " [DONE] b"));
    EXPECT_THAT(words_of({"[DONE]"}), ElementsAre());
    EXPECT_THAT(words_of({""}), ElementsAre());
}

TEST(Words, LongOnesComeInPieces) {
    const auto pieces = words_of({std::string(600, 'x')});
    EXPECT_THAT(pieces,
                ElementsAre(std::string(256, 'x'), std::string(256, 'x'), std::string(88, 'x')));
}

TEST(Words, WhatIsNoUtf8IsReplaced) {
    EXPECT_THAT(words_of({"a\xFF"
                          "b \xC3"}),
                ElementsAre("a\xEF\xBF\xBD"
                            "b",
                            " \xEF\xBF\xBD"));
}

}  // namespace
}  // namespace patchbay::chat_apis
