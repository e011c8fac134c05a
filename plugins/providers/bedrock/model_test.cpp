// SPDX-License-Identifier: Apache-2.0
#include "model.hpp"

#include <gtest/gtest.h>

namespace patchbay::bedrock {
namespace {

Result<Model> model(std::string_view name, std::string_view settings = "{}") {
    return model_of(name, parse_json(settings)->as_object());
}

TEST(Model, TheWayThePlaceAndTheFamilyStandInTheName) {
    const struct {
        const char* written;
        Api api;
        const char* id;
        const char* name;
        const char* region;
        const char* family;
    } cases[] = {
        {"anthropic.claude-v2:1", Api::converse, "anthropic.claude-v2:1", "anthropic.claude-v2:1",
         "", "anthropic.claude"},
        {"converse/us.anthropic.claude-x", Api::converse, "us.anthropic.claude-x",
         "anthropic.claude-x", "", "anthropic.claude"},
        {"invoke/eu-central-1/anthropic.claude-x", Api::invoke, "anthropic.claude-x",
         "anthropic.claude-x", "eu-central-1", "anthropic.claude"},
        {"us-gov-west-1/meta.llama3", Api::converse, "meta.llama3", "meta.llama3", "us-gov-west-1",
         "meta."},
        {"global.amazon.nova-2-lite-v1:0", Api::converse, "global.amazon.nova-2-lite-v1:0",
         "amazon.nova-2-lite-v1:0", "", "amazon.nova-2"},
        {"arn:aws:bedrock:eu-west-1:1:inference-profile/eu.meta.llama3", Api::converse,
         "arn:aws:bedrock:eu-west-1:1:inference-profile/eu.meta.llama3", "meta.llama3", "eu-west-1",
         "meta."},
        {"arn:aws:bedrock:eu-west-1:1:application-inference-profile/abc", Api::converse,
         "arn:aws:bedrock:eu-west-1:1:application-inference-profile/abc", "abc", "eu-west-1", ""},
        {"acme.new", Api::converse, "acme.new", "acme.new", "", ""},
    };
    for (const auto& one : cases) {
        const auto made = model(one.written);
        ASSERT_TRUE(made) << one.written;
        EXPECT_EQ(made->api, one.api) << one.written;
        EXPECT_EQ(made->id, one.id);
        EXPECT_EQ(made->name, one.name);
        EXPECT_EQ(made->region, one.region);
        EXPECT_EQ(made->family->begin, one.family) << one.written;
    }
}

TEST(Model, SettingsSayWhatTheNameDoesNot) {
    const auto profile =
        model("arn:aws:bedrock:us-east-1:1:application-inference-profile/abc",
              R"({"model_info":{"base_model":"bedrock/us.amazon.nova-pro-v1:0"}})");
    ASSERT_TRUE(profile);
    EXPECT_EQ(profile->family->begin, "amazon.nova");
    const auto provisioned = model(
        "anthropic.claude-x", R"({"model_id":"arn:aws:bedrock:us-east-1:1:provisioned-model/p"})");
    ASSERT_TRUE(provisioned);
    EXPECT_EQ(provisioned->id, "arn:aws:bedrock:us-east-1:1:provisioned-model/p");
    EXPECT_TRUE(provisioned->family->claude());
    EXPECT_EQ(provisioned->region, "us-east-1");
}

TEST(Model, WaysThatAreNotThereAreRefusedByName) {
    for (const char* written : {"agent/a/b", "agentcore/arn", "async_invoke/m"}) {
        const auto made = model(written);
        ASSERT_FALSE(made) << written;
        EXPECT_EQ(made.error().cls, BAY_ERR_UNSUPPORTED);
    }
}

TEST(Family, TheLongerBeginningStandsBeforeTheShorter) {
    const struct {
        const char* name;
        const char* begin;
    } cases[] = {
        {"deepseek.r1-v1:0", "deepseek.r1"},
        {"deepseek.v3-v1:0", "deepseek."},
        {"cohere.command-r-plus", "cohere.command-r"},
        {"cohere.command-text-v14", "cohere."},
        {"mistral.mistral-large-2407-v1:0", "mistral."},
        {"mistral.mistral-large-3-675b", "mistral.mistral-large-3"},
        {"amazon.titan-text-express-v1", "amazon.titan"},
    };
    for (const auto& [name, begin] : cases) EXPECT_EQ(family_of(name)->begin, begin) << name;
}

}  // namespace
}  // namespace patchbay::bedrock
