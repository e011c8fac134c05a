#include "engine/router/strategies.hpp"

#include <map>

#include <gtest/gtest.h>

#include "engine/router/test_support.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;

class StrategiesTest : public testing::Test {
  protected:
    /// A group of so many deployments, d0, d1, ...
    void make(int count) {
        for (int i = 0; i < count; ++i) all.push_back(&world.add("g", "d" + std::to_string(i)));
    }
    void finish() {
        world.finish();
        usable = world.tables("g").all;
    }
    std::size_t pick_one(bool stream = false) {
        return pick({world.tables("g"), usable, world.settings(), world.now, stream}, draw);
    }
    /// Shares of so many picks.
    std::vector<double> shares(int picks = 100'000) {
        std::vector<int> hits(all.size());
        for (int i = 0; i < picks; ++i) ++hits[pick_one()];
        std::vector<double> found;
        for (const int hit : hits) found.push_back(static_cast<double>(hit) / picks);
        return found;
    }
    void expect_shares(const std::vector<double>& expected) {
        const auto found = shares();
        for (std::size_t i = 0; i < expected.size(); ++i) {
            EXPECT_NEAR(found[i], expected[i], 0.01) << i;
        }
    }
    LaneIndex lane(std::size_t place) { return world.tables("g").lanes[place]; }

    test::RoutedWorld world;
    std::vector<Deployment*> all;
    LaneSet usable;
    Draw draw{42};
};

TEST_F(StrategiesTest, shuffle_is_uniform_without_weights) {
    make(4);
    finish();
    expect_shares({0.25, 0.25, 0.25, 0.25});
}

TEST_F(StrategiesTest, shuffle_goes_by_weight_before_rpm_before_tpm) {
    make(3);
    all[0]->tpm = 3;
    all[1]->tpm = 1;
    finish();
    expect_shares({0.75, 0.25, 0});
    all[1]->rpm = 10;
    all[2]->rpm = 30;
    finish();
    expect_shares({0, 0.25, 0.75});
    all[0]->weight = 0.9;
    all[2]->weight = 0.1;
    finish();
    expect_shares({0.9, 0, 0.1});
}

TEST_F(StrategiesTest, weights_hold_among_those_that_are_left) {
    make(4);
    all[0]->weight = 97;
    all[1]->weight = 1;
    all[2]->weight = 2;
    all[3]->weight = 0;
    finish();
    usable.reset(0);
    expect_shares({0, 1.0 / 3, 2.0 / 3, 0});
    usable.reset(1);
    usable.reset(2);
    expect_shares({0, 0, 0, 1});
}

TEST_F(StrategiesTest, least_busy_takes_the_fewest_under_way) {
    make(3);
    world.settings().strategy = Strategy::least_busy;
    finish();
    world.lanes().in_flight(lane(0)) = 2;
    expect_shares({0, 0.5, 0.5});
    world.lanes().in_flight(lane(1)) = 1;
    expect_shares({0, 0, 1});
}

TEST_F(StrategiesTest, usage_takes_the_fewest_tokens_of_this_minute) {
    make(3);
    world.settings().strategy = Strategy::usage_based_v2;
    finish();
    world.lanes().tokens(lane(0)).add(world.now.minute(), 10);
    world.lanes().tokens(lane(1)).add(world.now.minute(), 5);
    world.lanes().tokens(lane(2)).add(world.now.minute(), 5);
    expect_shares({0, 0.5, 0.5});
    world.pass(61s);
    expect_shares({1.0 / 3, 1.0 / 3, 1.0 / 3});
}

TEST_F(StrategiesTest, latency_takes_the_fastest_and_what_is_nearly_as_fast) {
    make(3);
    world.settings().strategy = Strategy::latency_based;
    finish();
    expect_shares({1.0 / 3, 1.0 / 3, 1.0 / 3});
    world.lanes().add_latency(lane(0), 1.0, world.now.ns());
    world.lanes().add_latency(lane(1), 1.2, world.now.ns());
    expect_shares({0, 0, 1});
    world.lanes().in_flight(lane(2)) = 1;
    expect_shares({1, 0, 0});
    world.lanes().add_latency(lane(2), 9, world.now.ns());
    expect_shares({1, 0, 0});
    world.settings().latency_buffer = 0.3;
    expect_shares({0.5, 0.5, 0});
    world.lanes().in_flight(lane(2)) = 0;
    world.pass(2h);
    expect_shares({1.0 / 3, 1.0 / 3, 1.0 / 3});
}

TEST_F(StrategiesTest, streams_are_compared_by_their_first_token) {
    make(2);
    world.settings().strategy = Strategy::latency_based;
    finish();
    world.lanes().add_latency(lane(0), 1, world.now.ns());
    world.lanes().add_latency(lane(1), 2, world.now.ns());
    world.lanes().add_first_token(lane(0), 5, world.now.ns());
    world.lanes().add_first_token(lane(1), 3, world.now.ns());
    EXPECT_EQ(pick_one(false), 0u);
    EXPECT_EQ(pick_one(true), 1u);
}

TEST_F(StrategiesTest, cost_takes_the_cheapest_that_is_left) {
    make(3);
    world.settings().strategy = Strategy::cost_based;
    all[0]->price = 3;
    all[1]->price = 1;
    all[2]->price = 2;
    finish();
    EXPECT_EQ(pick_one(), 1u);
    usable.reset(1);
    EXPECT_EQ(pick_one(), 2u);
}

TEST_F(StrategiesTest, a_count_that_is_full_is_one_as_any_other) {
    make(3);
    world.settings().strategy = Strategy::usage_based_v2;
    finish();
    const auto add = [&](std::size_t place, std::uint32_t tokens) {
        world.lanes().tokens(lane(place)).add(world.now.minute(), tokens);
    };
    for (std::size_t i = 0; i < 3; ++i) add(i, 0xffffffff);
    usable.reset(1);
    expect_shares({0.5, 0, 0.5});
    world.pass(60s);
    add(0, 0x7fffffff);
    add(2, 0x80000000);
    expect_shares({1, 0, 0});
}

// Whatever the size of the group, wherever its lanes are, whoever is left.
TEST_F(StrategiesTest, one_of_the_least_is_taken_each_as_likely_as_another) {
    Draw luck(7);
    std::vector<std::shared_ptr<const LaneHold>> between;
    for (const std::size_t size : {1u, 5u, 63u, 64u, 65u, 300u, 1500u}) {
        for (const std::string kind : {"in a row", "scattered"}) {
            const std::string name = std::to_string(size) + kind;
            LaneSet left(size);
            std::vector<std::int32_t> values;
            for (std::size_t i = 0; i < size; ++i) {
                const std::string id = name + std::to_string(i);
                if (kind == "scattered") between.push_back(world.lanes().take("beside " + id));
                const LaneIndex at = world.add(name, id).lane->index();
                values.push_back(static_cast<std::int32_t>(luck.below(5)));
                world.lanes().in_flight(at) = values.back();
                if (luck.below(3) > 0) left.set(i);
            }
            if (!left.any()) left.set(size - 1);
            world.settings().strategy = Strategy::least_busy;
            world.finish();
            std::int32_t best = 5;
            left.for_each([&](std::size_t i) { best = std::min(best, values[i]); });
            std::map<std::size_t, int> hits;
            left.for_each([&](std::size_t i) {
                if (values[i] == best) hits[i] = 0;
            });
            const std::size_t many = hits.size();
            constexpr int kEach = 400;
            for (std::size_t i = 0; i < many * kEach; ++i) {
                ++hits[pick({world.tables(name), left, world.settings(), world.now}, draw)];
            }
            ASSERT_EQ(hits.size(), many) << name << ": none but the least";
            for (const auto& [place, times] : hits) EXPECT_NEAR(times, kEach, 110) << name;
        }
    }
}

TEST_F(StrategiesTest, rates_are_limits_or_a_preference) {
    make(2);
    all[0]->rpm = 2;
    all[1]->tpm = 100;
    finish();
    TokenNeed need;
    const auto left = [&](Strategy strategy, bool enforce = false) {
        world.settings().strategy = strategy;
        world.settings().enforce_rate_limits = enforce;
        LaneSet set = world.tables("g").all;
        keep_within_rates(world.tables("g"), world.settings(), world.now, need, set);
        return std::string(set.test(0) ? "0" : "") + (set.test(1) ? "1" : "");
    };
    world.lanes().requests(lane(0)).add(world.now.minute(), 1);
    EXPECT_EQ(left(Strategy::simple_shuffle), "01") << "the last allowed one is allowed";
    world.lanes().requests(lane(0)).add(world.now.minute(), 1);
    EXPECT_EQ(left(Strategy::simple_shuffle), "1");
    world.lanes().tokens(lane(1)).add(world.now.minute(), 100);
    EXPECT_EQ(left(Strategy::simple_shuffle), "01") << "somebody has to";
    EXPECT_EQ(left(Strategy::usage_based), "01");
    for (const Strategy hard :
         {Strategy::usage_based_v2, Strategy::latency_based, Strategy::cost_based}) {
        EXPECT_EQ(left(hard), "");
    }
    EXPECT_EQ(left(Strategy::least_busy, true), "");
    world.pass(61s);
    EXPECT_EQ(left(Strategy::usage_based_v2), "01");
    all[0]->itpm = 10;
    all[1]->otpm = 10;
    finish();
    need.prompt = 11;
    EXPECT_EQ(left(Strategy::usage_based_v2), "1");
    need.answer = 11;
    EXPECT_EQ(left(Strategy::usage_based_v2), "");
    EXPECT_EQ(left(Strategy::simple_shuffle), "01") << "somebody has to";
}

TEST_F(StrategiesTest, slots_are_limits) {
    make(2);
    all[0]->max_parallel_requests = 2;
    finish();
    world.lanes().in_flight(lane(0)) = 1;
    keep_within_slots(world.tables("g"), usable);
    EXPECT_EQ(usable.count(), 2u);
    world.lanes().in_flight(lane(0)) = 2;
    world.lanes().in_flight(lane(1)) = 99;
    keep_within_slots(world.tables("g"), usable);
    EXPECT_FALSE(usable.test(0));
    EXPECT_TRUE(usable.test(1));
}

}  // namespace
}  // namespace patchbay
