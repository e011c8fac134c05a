#include <gtest/gtest.h>

#include "contract/shape/shape.hpp"

namespace patchbay {
namespace {

TEST(ListShape, finds_the_model_and_the_usage_of_embeddings) {
    constexpr std::string_view json =
        R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.25,-1e-3]}],)"
        R"("model":"text-embedding-3-small","usage":{"prompt_tokens":5,"total_tokens":5}})";
    const AnswerFacts facts = kListShape.scan({}, json);
    EXPECT_TRUE(facts.object);
    EXPECT_TRUE(facts.answer);
    EXPECT_FALSE(facts.error);
    EXPECT_EQ(json.substr(facts.model.off, facts.model.len), "\"text-embedding-3-small\"");
    Usage usage;
    const bool told = kListShape.read_usage(json.substr(facts.usage.off, facts.usage.len), usage);
    ASSERT_TRUE(told);
    EXPECT_EQ(usage.prompt, 5u);
    EXPECT_EQ(usage.total, 5u);
}

TEST(ListShape, finds_what_is_billed_of_a_ranking) {
    const auto searches_of = [](std::string_view json) {
        const AnswerFacts facts = kListShape.scan({}, json);
        Usage usage;
        if (facts.usage) {
            kListShape.read_usage(json.substr(facts.usage.off, facts.usage.len), usage);
        }
        return usage.searches;
    };
    EXPECT_EQ(searches_of(R"({"results":[],"meta":{"billed_units":{"search_units":2}}})"), 2u);
    EXPECT_EQ(
        searches_of(
            R"({"meta":{"api_version":{"version":"2"},"billed_units":{"search_units":3.0}},"results":[]})"),
        3u);
    EXPECT_EQ(searches_of(R"({"results":[],"meta":{"billed_units":{"input_tokens":2}}})"), 0u);
    EXPECT_EQ(searches_of(R"({"results":[],"meta":null})"), 0u);
    EXPECT_EQ(searches_of(R"({"data":[],"meta":{"billed_units":{"search_units":2}}})"), 0u);
}

TEST(ListShape, tells_what_is_no_list) {
    const struct {
        std::string_view json;
        bool object;
        bool answer;
        bool error;
    } cases[] = {
        {R"({"results":[]})", true, true, false},
        {R"({"data":{}})", true, false, false},
        {R"({"error":{"message":"x"}})", true, false, true},
        {R"({"error":null,"data":[]})", true, true, false},
        {R"({"error":"x","data":[]})", true, true, false},
        {R"({})", true, false, false},
        {R"([1])", false, false, false},
        {R"({"data":[]}x)", false, false, false},
        {R"({"data":[1,]})", false, false, false},
        {"{\"data\":[\"\xff\"]}", false, false, false},
        {"", false, false, false},
    };
    for (const auto& c : cases) {
        const AnswerFacts facts = kListShape.scan({}, c.json);
        EXPECT_EQ(facts.object, c.object) << c.json;
        EXPECT_EQ(facts.answer, c.answer) << c.json;
        EXPECT_EQ(facts.error, c.error) << c.json;
    }
}

TEST(ImageShape, a_stream_ends_with_the_picture_that_is_completed) {
    const auto facts = [](std::string_view event, std::string_view json) {
        return kImageShape.scan(event, json);
    };
    constexpr std::string_view piece =
        R"({"type":"image_generation.partial_image","b64_json":"x"})";
    EXPECT_EQ(facts("image_generation.partial_image", piece).finished, 0u);
    EXPECT_NE(facts("image_generation.partial_image", piece).seen, 0u);
    constexpr std::string_view last =
        R"({"type":"image_generation.completed","b64_json":"x","usage":{"input_tokens":10,"output_tokens":272,"total_tokens":282}})";
    const AnswerFacts end = facts("image_generation.completed", last);
    EXPECT_EQ(end.finished, end.seen);
    Usage usage;
    ASSERT_TRUE(kImageShape.read_usage(last.substr(end.usage.off, end.usage.len), usage));
    EXPECT_EQ(usage.prompt, 10u);
    EXPECT_EQ(usage.completion, 272u);
    EXPECT_EQ(usage.image_completion, 272u);
    EXPECT_TRUE(facts({}, R"({"created":1,"data":[]})").answer);
    EXPECT_EQ(facts({}, R"({"created":1,"data":[]})").seen, 0u) << "a whole answer";
}

TEST(CountShape, is_a_number_of_tokens) {
    EXPECT_TRUE(kCountShape.scan({}, R"({"input_tokens":7})").answer);
    EXPECT_FALSE(kCountShape.scan({}, R"({"input_tokens":"7"})").answer);
    EXPECT_FALSE(kCountShape.scan({}, R"({"type":"error","error":{"message":"x"}})").answer);
    EXPECT_TRUE(kCountShape.scan({}, R"({"type":"error","error":{"message":"x"}})").error);
    EXPECT_FALSE(kCountShape.scan({}, R"([7])").object);
}

TEST(ImageShape, what_was_made_is_the_picture_unless_the_usage_says_otherwise) {
    const auto pictures = [](std::string_view usage_json) {
        Usage usage;
        return kImageShape.read_usage(usage_json, usage) ? usage.image_completion : 0;
    };
    EXPECT_EQ(pictures(R"({"input_tokens":5,"output_tokens":70,"total_tokens":75})"), 70u);
    EXPECT_EQ(pictures(R"({"input_tokens":5,"output_tokens":70,"output_tokens_details":null,)"
                       R"("input_tokens_details":{"text_tokens":5,"image_tokens":0}})"),
              70u);
    EXPECT_EQ(pictures(R"({"input_tokens":5,"output_tokens":70,)"
                       R"("output_tokens_details":{"text_tokens":20,"image_tokens":50}})"),
              50u);
    EXPECT_EQ(pictures(R"({"input_tokens":5,"output_tokens":70,)"
                       R"("output_tokens_details":{"text_tokens":70}})"),
              0u);
    EXPECT_EQ(pictures(R"({"total_tokens":0})"), 0u);
}

}  // namespace
}  // namespace patchbay
