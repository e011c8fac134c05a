#include "engine/router/candidates.hpp"

#include <gtest/gtest.h>

#include "engine/plugins/test_support.hpp"

namespace patchbay {
namespace {

class PickTest : public testing::Test {
  protected:
    PickTest() {
        for (double weight : {1.0, 2.0, 1.0}) {
            Deployment& d = all.emplace_back();
            d.weight = weight;
        }
        for (const Deployment& d : all) group.deployments.push_back(&d);
    }
    std::size_t pick(double random, const std::vector<std::size_t>& tried = {}) const {
        return static_cast<std::size_t>(&candidates(tried).pick(random) - all.data());
    }
    Candidates candidates(const std::vector<std::size_t>& tried = {}) const {
        Candidates candidates(group, &kChatCompletions, nullptr);
        for (const std::size_t i : tried) candidates.tried(all.at(i));
        return candidates;
    }
    std::vector<Deployment> all = [] {
        std::vector<Deployment> v;
        v.reserve(3);
        return v;
    }();
    ModelGroup group;
};

TEST_F(PickTest, by_weight) {
    EXPECT_EQ(pick(0.0), 0u);
    EXPECT_EQ(pick(0.249), 0u);
    EXPECT_EQ(pick(0.251), 1u);
    EXPECT_EQ(pick(0.749), 1u);
    EXPECT_EQ(pick(0.751), 2u);
    EXPECT_EQ(pick(0.999999), 2u);
}

TEST_F(PickTest, what_rests_after_faults_is_passed_over) {
    const test::TemporaryDirectory directory;
    directory.add_fixture("good.so");
    directory.add_fixture("good_rows.json");
    PluginSetOptions options;
    options.directories = {directory.path()};
    options.cache_directory = directory.path() / "copies";
    std::vector<Problem> problems;
    const auto plugins = PluginSet::load(options, problems);
    ASSERT_NE(plugins->provider("good"), nullptr);
    all[1].instance.instance = plugins->create_instance(*plugins->provider("good"), {}, problems);
    ASSERT_TRUE(all[1].instance.instance);
    EXPECT_EQ(pick(0.5), 1u);
    Breaker& breaker = all[1].instance.instance->stats().breaker;
    breaker.configure({.faults = 1, .cooldown = std::chrono::hours(1)});
    breaker.fault(Breaker::Clock::now());
    EXPECT_FALSE(available(all[1]));
    EXPECT_EQ(pick(0.49), 0u);
    EXPECT_EQ(pick(0.51), 2u);
    EXPECT_EQ(pick(0.5, {0}), 2u);
    EXPECT_FALSE(candidates({0, 2}).untried_left());
    EXPECT_EQ(pick(0.49, {0, 2}), 0u) << "tried ones before one that rests";
    EXPECT_TRUE(candidates().any_available());
    all[0].instance = all[2].instance = all[1].instance;
    EXPECT_FALSE(candidates().any_available());
    EXPECT_EQ(pick(0.5), 1u) << "someone has to say no";
}

TEST_F(PickTest, a_model_of_responses_is_asked_for_chat_where_the_plugin_can) {
    all[0].mode = all[1].mode = find_mode("responses");
    all[1].chat_by_responses = true;
    all[2].mode = find_mode("embedding");
    all[2].chat_by_responses = true;
    const Candidates chat = candidates();
    EXPECT_EQ(chat.operation_of(all[0]), nullptr);
    EXPECT_EQ(chat.operation_of(all[1]), &kChatCompletions);
    EXPECT_EQ(chat.operation_of(all[2]), nullptr);
    const Candidates native(group, &kResponses, &kChatCompletions);
    EXPECT_EQ(native.operation_of(all[0]), &kResponses);
    EXPECT_EQ(native.operation_of(all[1]), &kResponses);
    all[1].operations = kChatCompletions.bit;
    EXPECT_EQ(native.operation_of(all[1]), &kChatCompletions);
}

TEST_F(PickTest, what_was_not_tried_goes_first) {
    EXPECT_EQ(pick(0.0, {0}), 1u);
    EXPECT_EQ(pick(0.99, {2}), 1u);
    EXPECT_EQ(pick(0.0, {0, 1}), 2u);
    EXPECT_EQ(pick(0.5, {0, 2, 2}), 1u);
}

TEST_F(PickTest, when_all_were_tried_any_may_be_tried_again) {
    EXPECT_EQ(pick(0.0, {0, 1, 2}), 0u);
    EXPECT_EQ(pick(0.5, {0, 1, 2}), 1u);
    EXPECT_EQ(pick(0.99, {0, 1, 2}), 2u);
}

TEST_F(PickTest, a_weight_of_nothing_is_for_when_nothing_else_is_left) {
    all[0].weight = 0;
    EXPECT_EQ(pick(0.0), 1u);
    EXPECT_EQ(pick(0.0, {1, 2}), 0u);
}

TEST_F(PickTest, the_only_one_is_taken_though_it_was_tried) {
    ModelGroup one;
    one.deployments = {&all[1]};
    Candidates candidates(one, &kChatCompletions, nullptr);
    candidates.tried(all[1]);
    EXPECT_EQ(&candidates.pick(0.5), &all[1]);
}

TEST_F(PickTest, who_does_not_speak_the_operation_is_no_candidate) {
    all[1].operations = kEmbeddings.bit;
    EXPECT_EQ(candidates().count(), 2u);
    EXPECT_EQ(candidates().operation_of(all[1]), nullptr);
    EXPECT_EQ(pick(0.49), 0u);
    EXPECT_EQ(pick(0.51), 2u);
    EXPECT_EQ(pick(0.5, {0, 2}), 2u) << "not even when all were tried";
}

TEST_F(PickTest, who_speaks_the_clients_api_is_asked_in_it) {
    all[0].operations = kEmbeddings.bit;
    all[1].operations = kChatCompletions.bit;
    all[2].operations = kEmbeddings.bit | kChatCompletions.bit;
    const Candidates both(group, &kEmbeddings, &kChatCompletions);
    EXPECT_EQ(both.operation_of(all[0]), &kEmbeddings);
    EXPECT_EQ(both.operation_of(all[1]), &kChatCompletions);
    EXPECT_EQ(both.operation_of(all[2]), &kEmbeddings);
    const Candidates hub_only(group, nullptr, &kChatCompletions);
    EXPECT_EQ(hub_only.operation_of(all[0]), nullptr);
    EXPECT_EQ(hub_only.operation_of(all[2]), &kChatCompletions);
}

}  // namespace
}  // namespace patchbay
