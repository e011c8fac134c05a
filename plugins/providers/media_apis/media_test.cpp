// SPDX-License-Identifier: Apache-2.0
#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "black_forest.hpp"
#include "fal.hpp"
#include "stability.hpp"

namespace patchbay::media_apis {
namespace {

namespace json = boost::json;

TEST(Fal, ANameSaysHowASizeIsTaken) {
    struct Case {
        const char* model;
        const char* size;
        const char* body;
    };
    constexpr Case kCases[] = {
        {"fal-ai/flux/dev", "1024x1024",
         R"({"prompt":"p","num_images":2,"image_size":"square_hd"})"},
        {"fal-ai/flux/dev", "640x480",
         R"({"prompt":"p","num_images":2,"image_size":{"width":640,"height":480}})"},
        {"fal-ai/flux/dev", "auto", R"({"prompt":"p","num_images":2})"},
        {"fal-ai/flux-pro/v1.1-ultra", "1792x1024",
         R"({"prompt":"p","num_images":2,"aspect_ratio":"16:9"})"},
        {"bria/text-to-image/3.2", "1024x1024", R"({"prompt":"p","aspect_ratio":"1:1"})"},
        {"fal-ai/recraft/v3/text-to-image", "512x512", R"({"prompt":"p","image_size":"square"})"},
    };
    for (const Case& one : kCases) {
        openai::Pictures pictures{.prompt = "p", .n = 2, .size = shared::picture_size(one.size)};
        EXPECT_EQ(json::value(fal_body(one.model, pictures)), json::parse(one.body)) << one.model;
    }
}

TEST(Stability, ANameSaysWhereItIsAsked) {
    EXPECT_EQ(stability_url("https://h.test/", "stable-image-ultra"),
              "https://h.test/v2beta/stable-image/generate/ultra");
    EXPECT_EQ(stability_url("https://h.test/v2beta", "stable-image-core"),
              "https://h.test/v2beta/stable-image/generate/core");
    EXPECT_EQ(stability_url("https://h.test/v2beta/stable-image/generate/sd3", "sd3.5-large"),
              "https://h.test/v2beta/stable-image/generate/sd3");
    EXPECT_EQ(stability_model("sd3.5-medium"), "sd3.5-medium");
    EXPECT_EQ(stability_model("sd3-large"), "");
    EXPECT_EQ(stability_model("sd3-large-turbo"), "sd3.5-large-turbo");
    EXPECT_EQ(stability_model("stable-image-core"), "");
}

TEST(BlackForest, AResultIsWhereTheTaskSaysOrAtTheOperators) {
    EXPECT_EQ(result_url("https://api.bfl.ai", "https://api.us1.bfl.ai/v1/get_result?id=b", "b"),
              "https://api.us1.bfl.ai/v1/get_result?id=b");
    EXPECT_EQ(result_url("https://api.bfl.ai", "https://evil.test/v1/get_result?id=b", "b"),
              "https://api.bfl.ai/v1/get_result?id=b");
    EXPECT_EQ(result_url("http://h.test/x", "https://api.us1.bfl.ai/v1/get_result?id=b", "a&b"),
              "http://h.test/x/v1/get_result?id=a%26b");
}

TEST(BlackForest, SomeModelsTakeARatio) {
    const openai::Pictures pictures{.prompt = "p", .size = shared::picture_size("1024x768")};
    EXPECT_EQ(json::value(black_forest_body("flux-pro-1.1", pictures)),
              json::parse(R"({"prompt":"p","output_format":"png","width":1024,"height":768})"));
    EXPECT_EQ(json::value(black_forest_body("flux-pro-1.1-ultra", pictures)),
              json::parse(R"({"prompt":"p","output_format":"png","aspect_ratio":"4:3"})"));
}

TEST(BlackForest, SixtyLooksSeeAFewMinutesThrough) {
    std::uint64_t all = 0;
    for (std::uint32_t asked = 1; asked <= 60; ++asked) all += look_pause_ms(asked);
    EXPECT_GT(all, 4 * 60 * 1000u);
    EXPECT_EQ(look_pause_ms(1000), 10'000u);
}

}  // namespace
}  // namespace patchbay::media_apis
