// SPDX-License-Identifier: Apache-2.0
#include "images.hpp"

#include <gtest/gtest.h>

namespace patchbay::bedrock {
namespace {

TEST(Images, EachFamilyIsAskedInItsForm) {
    const struct {
        std::string_view model;
        std::string_view client;
        std::string_view sent;
    } cases[] = {
        {"amazon.titan-image-generator-v2:0",
         R"({"model":"m","prompt":"p","n":2,"size":"1024x512","quality":"hd","seed":7,"user":"u"})",
         R"({"taskType":"TEXT_IMAGE","textToImageParams":{"text":"p"},
             "imageGenerationConfig":{"numberOfImages":2,"width":1024,"height":512,"quality":"premium","seed":7}})"},
        {"amazon.nova-canvas-v1:0", R"({"prompt":"p","size":"auto"})",
         R"({"taskType":"TEXT_IMAGE","textToImageParams":{"text":"p"},"imageGenerationConfig":{}})"},
        {"stability.stable-diffusion-xl-v1", R"({"prompt":"p","size":"512x512","n":1,"steps":9})",
         R"({"text_prompts":[{"text":"p","weight":1}],"width":512,"height":512,"steps":9})"},
        {"stability.sd3-5-large-v1:0",
         R"({"prompt":"p","size":"1024x1024","response_format":"b64_json"})", R"({"prompt":"p"})"},
        {"stability.stable-image-ultra-v1:1",
         R"({"prompt":"p","size":"1792x1024","negative_prompt":"q"})",
         R"({"prompt":"p","aspect_ratio":"16:9","negative_prompt":"q"})"},
    };
    for (const auto& [model, client, sent] : cases) {
        const auto call = images_request(client, model, {});
        ASSERT_TRUE(call) << model;
        EXPECT_EQ(*parse_json(call->body), *parse_json(sent)) << model;
        EXPECT_TRUE(call->dropped.names().empty());
    }
}

TEST(Images, WhatAFamilyLacksIsRefusedOrLeftOut) {
    const std::string_view client =
        R"({"prompt":"p","n":2,"quality":"hd","response_format":"url","size":"big"})";
    const auto refused = images_request(client, "stability.sd3-5-large-v1:0", {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().cls, BAY_ERR_UNSUPPORTED);
    shared::Leniency leniency;
    leniency.drop_params = true;
    const auto left = images_request(client, "stability.sd3-5-large-v1:0", leniency);
    ASSERT_TRUE(left);
    EXPECT_EQ(left->body, R"({"prompt":"p"})");
    EXPECT_EQ(left->dropped.names().size(), 4u);
}

TEST(Images, WithoutAPromptOrAModelOfPicturesNothingIsAsked) {
    EXPECT_EQ(images_request(R"({"n":1})", "amazon.nova-canvas-v1:0", {}).error().cls,
              BAY_ERR_BAD_REQUEST);
    EXPECT_EQ(images_request("[]", "amazon.nova-canvas-v1:0", {}).error().cls, BAY_ERR_BAD_REQUEST);
    EXPECT_EQ(images_request(R"({"prompt":"p"})", "amazon.nova-lite-v1:0", {}).error().cls,
              BAY_ERR_UNSUPPORTED);
}

const ImagesForm& form_of(std::string_view model) {
    return *images_request(R"({"prompt":"p"})", model, {})->form;
}

TEST(Images, PicturesAreTold) {
    const auto& titan = form_of("amazon.titan-image-generator-v2:0");
    EXPECT_EQ(*images_answer(R"({"images":["QQ==","Qg=="],"error":null})", titan, 9),
              R"({"created":9,"data":[{"b64_json":"QQ=="},{"b64_json":"Qg=="}]})");
    const auto& xl = form_of("stability.stable-diffusion-xl-v1");
    EXPECT_EQ(*images_answer(R"({"result":"success","artifacts":[{"base64":"QQ=="}]})", xl, 9),
              R"({"created":9,"data":[{"b64_json":"QQ=="}]})");
}

TEST(Images, WhatIsHeldBackOrNoneIsAFailure) {
    const auto& form = form_of("stability.sd3-5-large-v1:0");
    const struct {
        std::string_view answer;
        std::uint32_t cls;
    } cases[] = {
        {R"({"images":[""],"finish_reasons":["Filter reason: prompt"]})", BAY_ERR_CONTENT_POLICY},
        {R"({"images":[],"error":"blocked by our filters"})", BAY_ERR_CONTENT_POLICY},
        {R"({"images":[]})", BAY_ERR_UPSTREAM},
        {R"({"images":[""],"finish_reasons":[null]})", BAY_ERR_UPSTREAM},
        {R"({"images":[{}]})", BAY_ERR_UPSTREAM},
        {"{}", BAY_ERR_UPSTREAM},
        {"[]", BAY_ERR_UPSTREAM},
    };
    for (const auto& [answer, cls] : cases) {
        const auto list = images_answer(answer, form, 9);
        ASSERT_FALSE(list) << answer;
        EXPECT_EQ(list.error().cls, cls) << answer;
    }
}

}  // namespace
}  // namespace patchbay::bedrock
