#include "engine/router/p2c.hpp"

#include <gtest/gtest.h>

#include "engine/router/strategies.hpp"
#include "engine/router/test_support.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;

class P2cTest : public testing::Test {
  protected:
    /// Deployments that are known to be as the group is.
    void make(std::vector<double> weights) {
        make_new(std::move(weights));
        for (std::size_t i = 0; i < usable.size(); ++i) tell(i);
    }
    /// Of which nothing is known.
    void make_new(std::vector<double> weights) {
        world.settings().strategy = Strategy::p2c_ewma;
        for (std::size_t i = 0; i < weights.size(); ++i) {
            world.add("g", "d" + std::to_string(i)).weight = weights[i];
        }
        world.finish();
        usable = world.tables("g").all;
        GroupMeans& means = world.tables("g").memory->means;
        means.add(means.first_token[0], 0.5, world.now);
        means.add(means.per_token, 0.01, world.now);
        means.add(means.answer, 100, world.now);
        means.add(means.call, 200, world.now);
    }
    /// An attempt was answered, with this first token by the group's.
    void tell(std::size_t place, float slowness = 1) {
        load(place).slowness.add_peak(slowness, world.now.ns());
        load(place).failing.add_from_zero(0, 0.2F, world.now.ns());
    }
    std::size_t pick_one() {
        return pick({world.tables("g"), usable, world.settings(), world.now, true, 100}, draw);
    }
    std::vector<double> shares(int picks = 100'000) {
        std::vector<int> hits(usable.size());
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
    LaneLoad& load(std::size_t place) { return world.lanes().load(world.tables("g").lanes[place]); }

    test::RoutedWorld world;
    LaneSet usable;
    Draw draw{7};
};

TEST_F(P2cTest, deployments_that_are_alike_get_their_weights) {
    make({5, 3, 2});
    expect_shares({0.5, 0.3, 0.2});
}

TEST_F(P2cTest, who_has_little_left_of_its_limit_gets_less) {
    make({1, 1, 1});
    load(0).told_left(0.5F, 30s, world.now);
    load(2).told_left(0.02F, 30s, world.now);
    expect_shares({0.5, 0.5, 0});
}

TEST_F(P2cTest, the_better_of_each_pair_is_taken) {
    make_new({1, 1, 1, 1});
    tell(0, 3);
    tell(1);
    tell(2);
    tell(3, 0.5);
    // The worst loses each of its pairs, the best wins each: 1 - (3/4)(2/3) of all.
    expect_shares({0, 0.25, 0.25, 0.5});
}

TEST_F(P2cTest, load_counts_in_tokens) {
    make({1, 1});
    load(0).begin(1000, false, world.now);
    load(1).begin(100, false, world.now);
    load(1).begin(100, false, world.now);
    expect_shares({0, 1});
    load(0).end(1000);
    expect_shares({1, 0});
}

TEST_F(P2cTest, load_counts_by_weight) {
    make({3, 1});
    load(0).begin(250, false, world.now);
    load(1).begin(100, false, world.now);
    expect_shares({1, 0});
}

TEST_F(P2cTest, one_that_hangs_is_left_before_anything_has_ended) {
    make({1, 1});
    load(0).begin(1, true, world.now);
    load(1).begin(1000, false, world.now);
    expect_shares({1, 0});
    world.pass(60s);
    expect_shares({0, 1});
}

TEST_F(P2cTest, one_that_was_slow_is_tried_again_after_a_while) {
    make({1, 1});
    load(0).slowness.add_peak(20, world.now.ns());
    expect_shares({0, 1});
    world.pass(200s);
    load(1).begin(20, false, world.now);
    expect_shares({1, 0});
}

// Who is always a little better than the group's mean, which it makes itself, kept all calls for ever.
TEST_F(P2cTest, one_of_which_nothing_is_known_is_measured_by_one_call_at_a_time) {
    make_new({9, 1});
    tell(0, 0.9F);
    expect_shares({0, 1});
    load(1).begin(200, true, world.now);
    expect_shares({1, 0});
    load(1).left();
    load(1).end(200);
    expect_shares({0, 1});
    tell(1, 3);
    expect_shares({1, 0});
}

TEST_F(P2cTest, one_that_was_measured_long_ago_is_measured_again_within_its_weight) {
    make({9, 1});
    world.pass(59s);
    tell(0, 0.9F);
    expect_shares({1, 0});
    world.pass(2s);
    tell(0, 0.9F);
    expect_shares({0.9, 0.1});
    load(1).begin(200, true, world.now);
    expect_shares({1, 0});
}

TEST_F(P2cTest, one_that_is_new_in_a_busy_group_is_not_flooded_before_it_has_answered) {
    make_new({1, 1});
    tell(0);
    constexpr int kCalls = 30;
    for (int i = 0; i < kCalls; ++i) load(0).begin(200, false, world.now);
    int asked = 0;
    while (pick_one() == 1) {
        load(1).begin(200, false, world.now);
        ASSERT_LT(++asked, kCalls);
    }
    EXPECT_EQ(asked, 4) << "an eighth of them";
    tell(1);
    while (pick_one() == 1) {
        load(1).begin(200, false, world.now);
        ASSERT_LE(++asked, kCalls + 1);
    }
    EXPECT_GE(asked, kCalls) << "as many, once it is known";
}

TEST_F(P2cTest, one_that_fails_at_once_is_measured_by_that) {
    make_new({1, 1});
    tell(0, 0.9F);
    load(1).failing.add_from_zero(1, 0.2F, world.now.ns());
    expect_shares({1, 0});
}

TEST_F(P2cTest, weight_0_is_not_measured) {
    make_new({1, 0, 1});
    tell(0);
    tell(2);
    expect_shares({0.5, 0, 0.5});
}

TEST_F(P2cTest, one_that_fails_fast_does_not_draw_calls) {
    make({1, 1});
    for (int i = 0; i < 5; ++i) load(0).failing.add_from_zero(1, 0.2F, world.now.ns());
    load(1).begin(400, false, world.now);
    expect_shares({0, 1});
}

TEST_F(P2cTest, weight_0_is_asked_only_where_nobody_else_is_left) {
    make({0, 1, 1});
    usable.reset(1);
    expect_shares({0, 0, 1});
    usable.reset(2);
    expect_shares({1, 0, 0});
}

TEST_F(P2cTest, answers_that_the_client_keeps_short_count_as_such) {
    GroupMeans means;
    means.add(means.answer, 100, world.now);
    EXPECT_EQ(expected_tokens(means, 50, 0), 151);
    EXPECT_EQ(expected_tokens(means, 50, 10), 61);
    EXPECT_EQ(expected_tokens(means, 50, 1000), 151);
}

}  // namespace
}  // namespace patchbay
