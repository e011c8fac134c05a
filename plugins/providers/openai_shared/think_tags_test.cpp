#include "think_tags.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "answers.hpp"

namespace patchbay::openai {
namespace {

struct JoinedText {
    std::string content;
    std::string thoughts;
    bool operator==(const JoinedText&) const = default;
};

/// The text streamed in pieces of `size`, put together again as a client does.
JoinedText streamed(const std::string& text, std::size_t size) {
    AnswerRules rules;
    rules.shape = true;
    StreamState stream;
    JoinedText joined;
    const auto take = [&](const boost::json::object& chunk) {
        const std::string given = boost::json::serialize(chunk);
        const Answer answer = read_answer(rules, given, &stream);
        const auto made = boost::json::parse(answer.json.value_or(given));
        const auto& delta = made.at("choices").at(0).at("delta").as_object();
        const auto add = [&](const char* name, std::string& to) {
            const auto* value = delta.if_contains(name);
            if (value != nullptr && value->is_string()) to += value->as_string();
        };
        add("content", joined.content);
        add("reasoning_content", joined.thoughts);
    };
    const auto chunk = [](boost::json::object delta, boost::json::value reason) {
        return boost::json::object{
            {"choices",
             {{{"index", 0}, {"delta", std::move(delta)}, {"finish_reason", std::move(reason)}}}}};
    };
    for (std::size_t at = 0; at < text.size(); at += size) {
        take(chunk({{"content", text.substr(at, size)}}, nullptr));
    }
    take(chunk({}, "stop"));
    return joined;
}

TEST(ThinkTags, AreFoundWhereverTheyAreCut) {
    const struct {
        const char* text;
        JoinedText said;
    } cases[] = {
        {"<think>Let me see.</think>51", {"51", "Let me see."}},
        {"\n <think>a</th b</think>\n<think>c", {"\n<think>c", "a</th b"}},
        {"<think></think>51", {"51", ""}},
        {"<think>never ends </thi", {"", "never ends </thi"}},
        {"<thinking>no</thinking>", {"<thinking>no</thinking>", ""}},
        {"Say <think>", {"Say <think>", ""}},
        {"<thi", {"<thi", ""}},
        {"  ", {"  ", ""}},
    };
    for (const auto& one : cases) {
        for (std::size_t size = 1; size <= 30; ++size) {
            EXPECT_EQ(streamed(one.text, size), one.said) << one.text << " by " << size;
        }
    }
}

TEST(ThinkTags, ChoicesAreFollowedApart) {
    ThinkTags tags;
    const auto said = [&](const char* choice) {
        auto object = boost::json::parse(choice).as_object();
        tags.split(object);
        return boost::json::serialize(object.at("delta"));
    };
    EXPECT_EQ(said(R"({"index":1,"delta":{"content":"<think>a"}})"),
              R"({"content":"","reasoning_content":"a"})");
    EXPECT_EQ(said(R"({"index":0,"delta":{"content":"b"}})"), R"({"content":"b"})");
    EXPECT_EQ(said(R"({"index":1,"delta":{"content":"c"}})"),
              R"({"content":"","reasoning_content":"c"})");
    EXPECT_EQ(said(R"({"index":900,"delta":{"content":"<think>"}})"), R"({"content":"<think>"})");
}

TEST(ThinkTags, AThoughtThatIsToldOtherwiseEndsTheSearch) {
    ThinkTags tags;
    auto told = boost::json::parse(R"({"delta":{"reasoning_content":"r"}})").as_object();
    EXPECT_FALSE(tags.split(told));
    auto words = boost::json::parse(R"({"delta":{"content":"<think>x"}})").as_object();
    EXPECT_FALSE(tags.split(words));
}

}  // namespace
}  // namespace patchbay::openai
