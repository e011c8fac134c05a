// Operations that a provider has for some of its models alone, on the way of a call.
#include "engine/router/plan_fixture.hpp"

namespace patchbay {
namespace {

using test::RoutedWorld;

/// Deployments whose models are known at the call: "claude-*" and others.
class Limits : public testing::Test {
  protected:
    Deployment& add(const std::string& id) {
        Deployment& all = world.add("any/*", id);
        all.model = all.configured = "*";
        all.operations = kMessages.bit | kChatCompletions.bit | kCountTokens.bit;
        all.limits = {{kMessages.bit, {{"claude-*"}, {}}}, {kCountTokens.bit, {{"claude-*"}, {}}}};
        return all;
    }
    /// The group is a wildcard's.
    void finish() {
        world.finish();
        ModelGroup group = std::move(world.snapshot.groups.at("any/*"));
        world.snapshot.groups.clear();
        world.snapshot.wildcards.push_back(std::move(group));
    }
    /// What a call for the model is made of; nullptr: nobody can be asked.
    const Operation* asked(const std::string& model, const Operation& native, const Operation* hub,
                           bool openais_tools = false) {
        RouteAsk ask;
        ask.openais_tools = openais_tools;
        ask.native = &native;
        ask.hub = hub;
        ask.options = &options_;
        ask.path = "/v1/messages";
        name_ = model;
        auto route = resolve_model(world.snapshot, name_, ask.path);
        EXPECT_TRUE(route) << model;
        Plan plan(world.snapshot, std::move(*route), ask, Draw(1));
        const Step step = plan.begin(world.now);
        return step.kind == Step::Kind::start ? &plan.operation() : nullptr;
    }

    RoutedWorld world;

  private:
    RequestOptions options_;
    std::string name_;
};

TEST_F(Limits, AModelThatAnOperationIsNotForIsAskedByWayOfTheHub) {
    add("a");
    finish();
    EXPECT_EQ(asked("any/claude-x", kMessages, &kChatCompletions), &kMessages);
    EXPECT_EQ(asked("any/gemini-x", kMessages, &kChatCompletions), &kChatCompletions);
}

TEST_F(Limits, ToolsOfOpenAIsAloneGoByWayOfTheHubWhereTheyAreNotTaken) {
    Deployment& one = add("a");
    one.operations = kResponses.bit | kChatCompletions.bit;
    finish();
    EXPECT_EQ(asked("any/x", kResponses, &kChatCompletions), &kResponses);
    EXPECT_EQ(asked("any/x", kResponses, &kChatCompletions, true), &kChatCompletions);
    EXPECT_EQ(asked("any/x", kResponses, nullptr, true), &kResponses) << "there is no other way";
}

TEST_F(Limits, ToolsOfOpenAIsAloneGoAsTheyAreWhereTheyAreTaken) {
    Deployment& one = add("a");
    one.operations = kResponses.bit | kChatCompletions.bit;
    one.custom_tools = true;
    add("b").operations = kResponses.bit;
    finish();
    for (int i = 0; i < 8; ++i) {
        EXPECT_EQ(asked("any/x", kResponses, &kChatCompletions, true), &kResponses);
    }
}

TEST_F(Limits, WithoutAHubItIsNotAsked) {
    add("a");
    finish();
    EXPECT_EQ(asked("any/claude-x", kCountTokens, nullptr), &kCountTokens);
    EXPECT_EQ(asked("any/gemini-x", kCountTokens, nullptr), nullptr);
    const std::string name = "any/gemini-x";
    const auto route = resolve_model(world.snapshot, name, "/p");
    ASSERT_TRUE(route);
    const auto refused = wrong_use(*route, kCountTokens, nullptr, name, "/p");
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->message,
              "/p: Model any/gemini-x is served by openai, which has no token counting here.");
}

TEST_F(Limits, AnotherDeploymentWithoutLimitsIs) {
    add("a");
    add("b").limits.clear();
    finish();
    for (int i = 0; i < 8; ++i) {
        EXPECT_EQ(asked("any/gemini-x", kCountTokens, nullptr), &kCountTokens);
    }
}

}  // namespace
}  // namespace patchbay
