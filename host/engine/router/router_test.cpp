#include "engine/router/router.hpp"

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
        std::vector<const Deployment*> before;
        for (const std::size_t i : tried) before.push_back(&all.at(i));
        return static_cast<std::size_t>(&pick_deployment(group, before, random) - all.data());
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
    all[1].instance.instance = plugins->create_instance(*plugins->provider("good"), problems);
    ASSERT_TRUE(all[1].instance.instance);
    EXPECT_EQ(pick(0.5), 1u);
    Breaker& breaker = all[1].instance.instance->stats().breaker;
    breaker.configure({.faults = 1, .cooldown = std::chrono::hours(1)});
    breaker.fault(Breaker::Clock::now());
    EXPECT_FALSE(available(all[1]));
    EXPECT_EQ(pick(0.49), 0u);
    EXPECT_EQ(pick(0.51), 2u);
    EXPECT_EQ(pick(0.5, {0}), 2u);
    EXPECT_FALSE(untried_left(group, {&all[0], &all[2]}));
    EXPECT_EQ(pick(0.49, {0, 2}), 0u) << "tried ones before one that rests";
    EXPECT_TRUE(any_available(group));
    all[0].instance = all[2].instance = all[1].instance;
    EXPECT_FALSE(any_available(group));
    EXPECT_EQ(pick(0.5), 1u) << "someone has to say no";
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
    EXPECT_EQ(&pick_deployment(one, {&all[1]}, 0.5), &all[1]);
}

}  // namespace
}  // namespace patchbay
