#include "engine/world/operation_limits.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

const ManifestModels kClaude{{"*claude*"}, {"converse/*", "*/converse/*"}};

TEST(OperationLimits, AModelIsWhatItsNameOrItsOriginSays) {
    EXPECT_TRUE(is_for(kClaude, "claude-sonnet-4-5"));
    EXPECT_TRUE(is_for(kClaude, "eu-central-1/eu.anthropic.claude-x"));
    EXPECT_FALSE(is_for(kClaude, "gemini-2.5-flash"));
    EXPECT_FALSE(is_for(kClaude, ""));
    EXPECT_TRUE(is_for(kClaude, "my-deployment", "claude-opus-4-5"));
    EXPECT_FALSE(is_for(kClaude, "my-deployment", "gpt-5"));
}

TEST(OperationLimits, AnExceptionIsAboutTheModelsOwnName) {
    EXPECT_FALSE(is_for(kClaude, "converse/anthropic.claude-x"));
    EXPECT_FALSE(is_for(kClaude, "converse/profile", "claude-x"));
    EXPECT_TRUE(is_for(kClaude, "profile", "converse/claude-x"));
}

TEST(OperationLimits, ThePatternOfADeploymentIsJudgedByTheModelThatIsCalled) {
    Deployment all;
    all.model = "*";
    all.operations = kMessages.bit | kChatCompletions.bit;
    all.limits = {{kMessages.bit, kClaude}};
    EXPECT_TRUE(may_ask(all, kMessages, "claude-x"));
    EXPECT_FALSE(may_ask(all, kMessages, "gemini-x"));
    EXPECT_TRUE(may_ask(all, kChatCompletions, "gemini-x"));
    EXPECT_FALSE(may_ask(all, kEmbeddings, "claude-x"));
}

TEST(OperationLimits, ADeploymentLosesWhatItsProviderHasForOtherModels) {
    ManifestComponent component;
    component.operation_models["messages"] = kClaude;
    ProviderRow row;
    row.component = &component;
    const auto made = [&](const char* model, boost::json::object params, boost::json::object info) {
        DeploymentConfig entry;
        entry.params = std::move(params);
        entry.model_info = std::move(info);
        Deployment deployment;
        deployment.model = model;
        deployment.operations = kMessages.bit | kChatCompletions.bit;
        limit_operations(entry, row, deployment);
        return deployment;
    };
    EXPECT_EQ(made("claude-x", {}, {}).operations, kMessages.bit | kChatCompletions.bit);
    EXPECT_EQ(made("gemini-x", {}, {}).operations, kChatCompletions.bit);
    const boost::json::object base{{"base_model", "claude-x"}};
    EXPECT_NE(made("mine", base, {}).operations & kMessages.bit, 0U);
    EXPECT_NE(made("mine", {}, base).operations & kMessages.bit, 0U);
    const Deployment all = made("*", {}, {});
    EXPECT_NE(all.operations & kMessages.bit, 0U);
    ASSERT_EQ(all.limits.size(), 1U);
    EXPECT_EQ(all.limits[0].bit, kMessages.bit);
    EXPECT_TRUE(made("claude-x", {}, {}).limits.empty());
}

}  // namespace
}  // namespace patchbay
