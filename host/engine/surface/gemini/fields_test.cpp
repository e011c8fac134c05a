#include "engine/surface/gemini/fields.hpp"

#include "engine/surface/gemini/test_support.hpp"

namespace patchbay::surface {

namespace {

using namespace test;

TEST(GeminiFields, HaveTwoNames) {
    const auto tree = tree_of(R"({"maxOutputTokens":1,"top_k":2,"both":3,"none":null,
        "inline_data":{"mime_type":"image/png"},"inlineText":"a","inline_text":"b","on":true})");
    const auto& object = tree.get_object();
    EXPECT_EQ(*field(object, "maxOutputTokens"), json::value(1));
    EXPECT_EQ(*field(object, "topK"), json::value(2));
    EXPECT_EQ(*field(object, "both"), json::value(3));
    EXPECT_EQ(field(object, "none"), nullptr);
    EXPECT_EQ(field(object, "absent"), nullptr);
    EXPECT_EQ(text_field(*object_field(object, "inlineData"), "mimeType"), "image/png");
    EXPECT_EQ(text_field(object, "inlineText"), "a") << "the one of the JSON mapping";
    EXPECT_EQ(object_field(object, "topK"), nullptr);
    EXPECT_EQ(array_field(object, "topK"), nullptr);
    EXPECT_TRUE(flag_field(object, "on"));
    EXPECT_FALSE(flag_field(object, "topK"));
}

TEST(GeminiFields, AreWrittenInCamelCase) {
    for (const auto& [given, expected] : {std::pair{"max_output_tokens", "maxOutputTokens"},
                                          {"topK", "topK"},
                                          {"_x", "_x"},
                                          {"a__b", "a_B"},
                                          {"end_", "end_"},
                                          {"a_1", "a_1"},
                                          {"", ""}}) {
        EXPECT_EQ(camel_case(given), expected);
    }
}

}  // namespace

}  // namespace patchbay::surface
