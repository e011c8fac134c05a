#include "pictures.hpp"

#include <gtest/gtest.h>

namespace patchbay::google {
namespace {

TEST(Pictures, ImagenAndModelsThatDrawAreAskedInTheirForms) {
    const struct {
        std::string_view model;
        bool with_words;
        std::string_view client;
        std::string_view method;
        std::string_view sent;
    } cases[] = {
        {"imagen-4.0-generate-001", true, R"({"prompt":"p","n":2,"size":"1792x1024","user":"u"})",
         "predict",
         R"({"instances":[{"prompt":"p"}],
             "parameters":{"sampleCount":2,"aspectRatio":"16:9","imageSize":"1K"}})"},
        {"imagen-4.0-generate-001", false, R"({"prompt":"p","size":"2048x2048"})", "predict",
         R"({"instances":[{"prompt":"p"}],"parameters":{"aspectRatio":"1:1","imageSize":"2K"}})"},
        {"gemini-2.5-flash-image", true, R"({"prompt":"p","n":1,"size":"1024x1024"})",
         "generateContent",
         R"({"contents":[{"parts":[{"text":"p"}]}],"generationConfig":
             {"response_modalities":["IMAGE","TEXT"],"imageConfig":{"aspectRatio":"1:1"}}})"},
        {"gemini-2.5-flash-image", false, R"({"prompt":"p","response_format":"b64_json"})",
         "generateContent",
         R"({"contents":[{"parts":[{"text":"p"}],"role":"user"}],
             "generationConfig":{"responseModalities":["IMAGE"]}})"},
    };
    for (const auto& one : cases) {
        const auto call = pictures_request(one.client, one.model, {}, one.with_words);
        ASSERT_TRUE(call) << one.client;
        EXPECT_EQ(call->method, one.method);
        EXPECT_EQ(*parse_json(call->body), *parse_json(one.sent)) << call->body;
    }
}

TEST(Pictures, WhatTheModelsLackIsRefusedOrLeftOut) {
    const std::string_view client = R"({"prompt":"p","n":2,"quality":"hd"})";
    const auto refused = pictures_request(client, "gemini-2.5-flash-image", {}, true);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().cls, BAY_ERR_UNSUPPORTED);
    shared::Leniency leniency;
    leniency.drop_params = true;
    const auto left = pictures_request(client, "gemini-2.5-flash-image", leniency, true);
    ASSERT_TRUE(left);
    EXPECT_EQ(left->dropped.names().size(), 2u);
    EXPECT_EQ(pictures_request("{}", "imagen-4.0", {}, true).error().cls, BAY_ERR_BAD_REQUEST);
}

TEST(Pictures, AreToldWithTheirUsage) {
    EXPECT_EQ(pictures_answer(
                  R"({"predictions":[{"bytesBase64Encoded":"QQ=="},{"raiFilteredReason":"x"}]})", 9)
                  ->json,
              R"({"created":9,"data":[{"b64_json":"QQ=="}]})");
    const auto drawn = pictures_answer(
        R"({"candidates":[{"content":{"parts":[{"text":"ok"},
            {"inlineData":{"mimeType":"image/png","data":"QQ=="}}]},"finishReason":"STOP"}],
            "usageMetadata":{"promptTokenCount":12,"candidatesTokenCount":9,"totalTokenCount":21}})",
        9);
    ASSERT_TRUE(drawn);
    EXPECT_EQ(*parse_json(drawn->json), *parse_json(R"({"created":9,"data":[{"b64_json":"QQ=="}],
        "usage":{"input_tokens":12,"output_tokens":9,"total_tokens":21,
        "input_tokens_details":{"image_tokens":0,"text_tokens":12},
        "output_tokens_details":{"image_tokens":9,"text_tokens":0}}})"));
    EXPECT_EQ(drawn->usage.to_host().output_tokens, 9u);
}

TEST(Pictures, WhatIsHeldBackOrNoneIsAFailure) {
    const struct {
        std::string_view answer;
        std::uint32_t cls;
    } cases[] = {
        {R"({"predictions":[{"raiFilteredReason":"violence"}]})", BAY_ERR_CONTENT_POLICY},
        {R"({"candidates":[{"finishReason":"IMAGE_SAFETY"}]})", BAY_ERR_CONTENT_POLICY},
        {R"({"promptFeedback":{"blockReason":"SAFETY"}})", BAY_ERR_CONTENT_POLICY},
        {R"({"candidates":[{"content":{"parts":[{"text":"no"}]},"finishReason":"STOP"}]})",
         BAY_ERR_UPSTREAM},
        {"{}", BAY_ERR_UPSTREAM},
        {"[]", BAY_ERR_UPSTREAM},
    };
    for (const auto& [answer, cls] : cases) {
        const auto made = pictures_answer(answer, 9);
        ASSERT_FALSE(made) << answer;
        EXPECT_EQ(made.error().cls, cls) << answer;
    }
}

}  // namespace
}  // namespace patchbay::google
