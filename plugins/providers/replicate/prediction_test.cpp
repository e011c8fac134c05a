// SPDX-License-Identifier: Apache-2.0
#include "prediction.hpp"

#include <gtest/gtest.h>

namespace patchbay::replicate {
namespace {

const std::string kVersion(64, 'a');

TEST(ReplicateTarget, ANameSaysWhatIsAsked) {
    struct Case {
        std::string model;
        std::string url;
        std::string version;
    };
    const Case cases[] = {
        {"meta/llama", "https://h.test/v1/models/meta/llama/predictions", ""},
        {"deployments/me/mine", "https://h.test/v1/deployments/me/mine/predictions", ""},
        {"vicuna:" + kVersion, "https://h.test/v1/predictions", kVersion},
        {"a/b:latest", "https://h.test/v1/models/a/b%3Alatest/predictions", ""},
    };
    for (const Case& one : cases) {
        const Target made = target_of("https://h.test/v1/", one.model);
        EXPECT_EQ(made.url, one.url);
        EXPECT_EQ(made.version, one.version);
        const Target again = target_of(made.url, one.model);
        EXPECT_EQ(again.url, made.url);
        EXPECT_EQ(again.root, "https://h.test/v1");
    }
}

TEST(ReplicatePrediction, ItsStateIsRead) {
    struct Case {
        const char* json;
        bool over;
        const char* failure;
        const char* output;
    };
    constexpr Case kCases[] = {
        {R"({"id":"p","status":"starting","output":null})", false, "", ""},
        {R"({"id":"p","status":"processing","output":["a","b"]})", false, "", "ab"},
        {R"({"id":"p","status":"succeeded","output":"ab"})", true, "", "ab"},
        {R"({"id":"p","status":"failed","error":"boom"})", true, "the prediction has failed: boom",
         ""},
        {R"({"id":"p","status":"canceled"})", true, "the prediction has been given up: canceled",
         ""},
    };
    for (const Case& one : kCases) {
        const auto made = read_prediction(one.json);
        ASSERT_TRUE(made) << one.json;
        EXPECT_EQ(made->over, one.over) << one.json;
        EXPECT_EQ(made->failure, one.failure);
        EXPECT_EQ(made->output, one.output);
    }
    for (const char* none : {"", "[]", "{}", R"({"id":"p"})", R"({"status":"succeeded"})"}) {
        EXPECT_FALSE(read_prediction(none)) << none;
    }
}

TEST(ReplicatePrediction, SixtyLooksSeeAFewMinutesThrough) {
    std::uint64_t all = 0;
    for (std::uint32_t asked = 1; asked <= 60; ++asked) all += pause_ms(asked);
    EXPECT_GT(all, 4 * 60 * 1000u);
    EXPECT_EQ(pause_ms(1), 500u);
    EXPECT_EQ(pause_ms(1000), 10'000u);
}

}  // namespace
}  // namespace patchbay::replicate
