#include <gtest/gtest.h>

#include "contract/shape/shape.hpp"

namespace patchbay {
namespace {

TEST(ObjectShape, takes_every_object_without_an_error_for_an_answer) {
    const struct {
        std::string_view json;
        bool object;
        bool answer;
        bool error;
    } cases[] = {
        {R"({"text":"Hello"})", true, true, false},
        {R"({})", true, true, false},
        {R"({"error":null,"id":"x"})", true, true, false},
        {R"({"error":{"message":"x"}})", true, false, true},
        {R"({"text":"Hello","error":"x"})", true, false, true},
        {R"([])", false, false, false},
        {R"({"text":"Hello"}x)", false, false, false},
        {"{\"text\":\"\xff\"}", false, false, false},
        {"", false, false, false},
    };
    for (const auto& c : cases) {
        const AnswerFacts facts = kObjectShape.scan({}, c.json);
        EXPECT_EQ(facts.object, c.object) << c.json;
        EXPECT_EQ(facts.answer, c.answer) << c.json;
        EXPECT_EQ(facts.error, c.error) << c.json;
    }
}

TEST(ObjectShape, finds_model_and_usage) {
    constexpr std::string_view json = R"({"model":"whisper-1","usage":{"total_tokens":5}})";
    const AnswerFacts facts = kObjectShape.scan({}, json);
    EXPECT_EQ(json.substr(facts.model.off, facts.model.len), "\"whisper-1\"");
    Usage usage;
    const bool told = kObjectShape.read_usage(json.substr(facts.usage.off, facts.usage.len), usage);
    ASSERT_TRUE(told);
    EXPECT_EQ(usage.total, 5u);
}

}  // namespace
}  // namespace patchbay
