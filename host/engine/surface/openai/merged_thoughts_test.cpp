#include "engine/surface/openai/merged_thoughts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay::surface {

namespace {

using testing::ElementsAre;

std::string choice(std::string_view delta, std::string_view more = {}) {
    return R"({"choices":[{"index":0,"delta":)" + std::string(delta) + std::string(more) + "}]}";
}

// What comes of the chunks of a stream, each as its text.
std::vector<std::string> merged(const std::vector<std::string>& chunks) {
    MergedThoughts thoughts;
    std::vector<std::string> all;
    for (const std::string& chunk : chunks) {
        if (!thoughts.chunk(chunk, all)) all.push_back(chunk);
    }
    return all;
}

TEST(MergedThoughts, stand_before_the_words_of_a_whole_answer) {
    const MergedThoughts thoughts;
    EXPECT_EQ(
        thoughts.whole(
            R"({"choices":[{"message":{"role":"assistant","content":"4","reasoning_content":"2+2"}}]})"),
        R"({"choices":[{"message":{"role":"assistant","content":"<think>2+2</think>4"}}]})");
    EXPECT_EQ(
        thoughts.whole(
            R"({"choices":[{"message":{"content":null,"reasoning_content":"why","thinking_blocks":[1],"tool_calls":[{}]}}]})"),
        R"({"choices":[{"message":{"content":"<think>why</think>","tool_calls":[{}],"thinking_blocks":[1]}}]})");
}

TEST(MergedThoughts, an_answer_without_thoughts_stays_as_it_is) {
    const MergedThoughts thoughts;
    for (const char* answer :
         {R"({"choices":[{"message":{"content":"4"}}]})",
          R"({"choices":[{"message":{"content":"4","reasoning_content":null}}]})",
          R"({"choices":[{"message":{"content":"4","reasoning_content":""}}]})",
          R"({"choices":[{"message":{"content":["4"],"reasoning_content":"a"}}]})",
          R"({"choices":[1,{"message":2}],"a":"reasoning_content"})",
          R"({"choices":"reasoning_content"})", R"(["reasoning_content"])",
          R"({"reasoning_content":)"}) {
        EXPECT_FALSE(thoughts.whole(answer)) << answer;
    }
}

TEST(MergedThoughts, open_with_the_first_piece_and_close_with_the_first_word) {
    EXPECT_THAT(merged({choice(R"({"role":"assistant","content":""})"),
                        choice(R"({"reasoning_content":"2"})"),
                        choice(R"({"reasoning_content":"+2"})"), choice(R"({"content":"4"})"),
                        choice(R"({"content":"!"})"), choice("{}", R"(,"finish_reason":"stop")")}),
                ElementsAre(choice(R"({"role":"assistant","content":""})"),
                            choice(R"({"content":"<think>2"})"), choice(R"({"content":"+2"})"),
                            choice(R"({"content":"</think>4"})"), choice(R"({"content":"!"})"),
                            choice("{}", R"(,"finish_reason":"stop")")));
}

TEST(MergedThoughts, close_before_a_call_and_at_the_end_and_may_open_again) {
    EXPECT_THAT(
        merged({choice(R"({"reasoning_content":"a","content":"b"})"),
                choice(R"({"reasoning_content":"c"})"), choice(R"({"tool_calls":[{"index":0}]})"),
                choice(R"({"reasoning_content":"d"})"),
                choice(R"({"content":null})", R"(,"finish_reason":null)"),
                choice("{}", R"(,"finish_reason":"length")"), R"({"choices":[],"usage":{}})"}),
        ElementsAre(choice(R"({"content":"<think>a</think>b"})"),
                    choice(R"({"content":"<think>c"})"),
                    choice(R"({"tool_calls":[{"index":0}],"content":"</think>"})"),
                    choice(R"({"content":"<think>d"})"),
                    choice(R"({"content":null})", R"(,"finish_reason":null)"),
                    choice(R"({"content":"</think>"})", R"(,"finish_reason":"length")"),
                    R"({"choices":[],"usage":{}})"));
}

TEST(MergedThoughts, of_several_choices_are_told_apart) {
    const auto second = [](std::string_view delta) {
        return R"({"choices":[{"index":1,"delta":)" + std::string(delta) + "}]}";
    };
    EXPECT_THAT(
        merged({choice(R"({"reasoning_content":"a"})"), second(R"({"content":"B"})"),
                second(R"({"reasoning_content":"b"})"), choice(R"({"content":"A"})")}),
        ElementsAre(choice(R"({"content":"<think>a"})"), second(R"({"content":"B"})"),
                    second(R"({"content":"<think>b"})"), choice(R"({"content":"</think>A"})")));
}

}  // namespace

}  // namespace patchbay::surface
