#include "think_tags.hpp"

#include <gtest/gtest.h>

namespace patchbay::shared {
namespace {

struct Case {
    const char* text;
    const char* reasoning;
    const char* content;
};

constexpr Case kCases[] = {
    {"<think>a</think>b", "a", "b"},
    {"\n <think>a < b</thin</think>\nb <think>", "a < b</thin", "\nb <think>"},
    {"b <think>a</think>", "", "b <think>a</think>"},
    {"<thin", "", "<thin"},
    {"<thinker>", "", "<thinker>"},
    {"<think>a</thi", "a</thi", ""},
    {"<think></think>", "", ""},
    {"", "", ""},
    {" \n", "", " \n"},
};

TEST(ThinkTags, SplitAWholeText) {
    for (const Case& one : kCases) {
        const Thought thought = split_thought(one.text);
        EXPECT_EQ(thought.reasoning, one.reasoning) << one.text;
        EXPECT_EQ(thought.content, one.content) << one.text;
    }
}

TEST(ThinkTags, AStreamGivesTheSameWhereverItIsCut) {
    for (const Case& one : kCases) {
        const std::string_view text = one.text;
        for (std::size_t cut = 0; cut <= text.size(); ++cut) {
            ThinkTags tags;
            Thought joined;
            for (const Thought& piece :
                 {tags.take(text.substr(0, cut)), tags.take(text.substr(cut)), tags.finish()}) {
                joined.reasoning += piece.reasoning;
                joined.content += piece.content;
            }
            EXPECT_EQ(joined.reasoning, one.reasoning) << text << " at " << cut;
            EXPECT_EQ(joined.content, one.content) << text << " at " << cut;
        }
    }
}

}  // namespace
}  // namespace patchbay::shared
