// A group with a strategy of its own, beside others that have that of all.
#include <map>

#include <gmock/gmock.h>

#include "engine/router/plan_fixture.hpp"

namespace patchbay {
namespace {

using test::PlanTest;
using testing::HasSubstr;
using testing::Not;

class GroupStrategyTest : public PlanTest {
  protected:
    /// "own" has the strategy, "g" that of all; each has a cheap and a dear deployment.
    void make(Strategy own, StrategySettings more = {}) {
        for (const char* group : {"g", "own"}) {
            world.add(group, std::string(group) + "-dear").price = 9;
            world.add(group, std::string(group) + "-cheap").price = 1;
        }
        world.finish();
        more.strategy = own;
        ModelGroup& group = world.snapshot.groups.at("own");
        GroupRouting routing{own, 0, false, {more, std::nullopt}};
        group.tables = make_group_tables(group.deployments, world.snapshot.lanes, nullptr, routing);
    }
    std::map<std::string, int> chosen(const std::string& group, int calls = 40) {
        std::map<std::string, int> seen;
        for (int i = 0; i < calls; ++i) {
            plan(group);
            ++seen[begin()];
        }
        return seen;
    }
};

TEST_F(GroupStrategyTest, goes_by_its_own_and_the_others_by_that_of_all) {
    make(Strategy::cost_based);
    EXPECT_EQ(chosen("own"), (std::map<std::string, int>{{"start own-cheap", 40}}));
    EXPECT_EQ(chosen("g").size(), 2u) << "simple-shuffle";
}

TEST_F(GroupStrategyTest, rates_are_limits_where_its_strategy_says_so) {
    make(Strategy::usage_based_v2);
    for (const char* name : {"own", "g"}) {
        for (const Deployment* d : world.snapshot.groups.at(name).deployments) {
            const_cast<Deployment*>(d)->rpm = 1;
        }
        ModelGroup& group = world.snapshot.groups.at(name);
        GroupRouting routing;
        if (group.name == "own") routing.own.strategy.emplace().strategy = Strategy::usage_based_v2;
        group.tables = make_group_tables(group.deployments, world.snapshot.lanes, nullptr, routing);
    }
    EXPECT_EQ(chosen("own", 3)["fail"], 1) << "a third request of this minute";
    EXPECT_EQ(chosen("g", 3)["fail"], 0) << "the second choice";
}

TEST_F(GroupStrategyTest, what_it_goes_by_is_told_of_its_attempts_alone) {
    make(Strategy::latency_based);
    plan("own");
    begin();
    answered();
    plan("g");
    begin();
    answered();
    const auto measured = [&](const char* group) {
        float sum = 0;
        for (const LaneIndex lane : world.tables(group).lanes) {
            sum += world.lanes().renew_latency(lane, false, 0);
        }
        return sum;
    };
    EXPECT_GT(measured("own"), 0);
    EXPECT_EQ(measured("g"), 0);
}

TEST_F(GroupStrategyTest, its_buffer_is_its_own) {
    world.settings().latency_buffer = 0;
    StrategySettings wide;
    wide.latency_buffer = 10;
    make(Strategy::latency_based, wide);
    const auto& lanes = world.tables("own").lanes;
    world.lanes().add_latency(lanes[0], 1.0F, world.now.ns());
    world.lanes().add_latency(lanes[1], 2.0F, world.now.ns());
    EXPECT_EQ(chosen("own").size(), 2u) << "both are within ten times the best";
}

TEST_F(GroupStrategyTest, is_explained) {
    make(Strategy::cost_based);
    std::string why;
    explain = &why;
    plan("own");
    begin();
    EXPECT_THAT(why, HasSubstr("own: 2 of 2 by cost-based-routing -> own-cheap"));
    why.clear();
    plan("g");
    begin();
    EXPECT_THAT(why, HasSubstr("g: 2 of 2 -> g-"));
}

}  // namespace
}  // namespace patchbay
