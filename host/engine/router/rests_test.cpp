#include "engine/router/rests.hpp"

#include <gtest/gtest.h>

#include "engine/router/test_support.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;

class RestsTest : public testing::Test {
  protected:
    bool fail(Cause cause, bool company = true,
              std::optional<std::chrono::milliseconds> retry_after = {}, bool probe = false) {
        LaneFailure failure{cause, retry_after};
        failure.company = company;
        failure.probe = probe;
        failure.own = &own;
        return note_failure(table, lane, failure, settings, world.now);
    }
    void good(int n = 1) {
        for (int i = 0; i < n; ++i) note_good(table, lane, world.now, false);
    }
    std::chrono::milliseconds left() { return rest_left(table, lane, world.now); }
    Awake state() { return awake(table, lane, world.now); }

    test::RoutedWorld world;
    RoutingSettings settings;
    AllowedFails own;
    std::shared_ptr<const LaneHold> held = world.lanes().take("a");
    LaneTable& table = world.lanes();
    LaneIndex lane = held->index();
};

TEST_F(RestsTest, a_429_rests_at_once_if_there_is_company) {
    EXPECT_FALSE(fail(Cause::rate_limit, false));
    EXPECT_EQ(state(), Awake::yes);
    EXPECT_TRUE(fail(Cause::rate_limit));
    EXPECT_EQ(left(), 5s) << "LiteLLM's default";
    EXPECT_EQ(table.resting(), 1);
}

TEST_F(RestsTest, retry_after_is_a_floor) {
    settings.cooldown_time = 2s;
    EXPECT_TRUE(fail(Cause::rate_limit, true, 1s));
    EXPECT_EQ(left(), 2s);
    EXPECT_TRUE(fail(Cause::rate_limit, true, 30s));
    EXPECT_EQ(left(), 30s);
    EXPECT_TRUE(fail(Cause::rate_limit, true, 48h));
    EXPECT_EQ(left(), 1h) << "nobody may lock a deployment away for days";
}

TEST_F(RestsTest, more_than_half_of_five_calls) {
    good(2);
    EXPECT_FALSE(fail(Cause::upstream));
    EXPECT_FALSE(fail(Cause::upstream));
    EXPECT_TRUE(fail(Cause::upstream)) << "three of five";
    world.pass(2min);
    EXPECT_FALSE(fail(Cause::upstream, true)) << "another minute";
}

TEST_F(RestsTest, alone_only_when_a_thousand_fail_and_nothing_else) {
    for (int i = 0; i < 999; ++i) ASSERT_FALSE(fail(Cause::upstream, false)) << i;
    EXPECT_TRUE(fail(Cause::upstream, false));
}

TEST_F(RestsTest, a_dead_host_rests_with_the_third_refusal_in_a_row) {
    good(10);
    EXPECT_FALSE(fail(Cause::unreachable));
    EXPECT_FALSE(fail(Cause::unreachable));
    good();
    EXPECT_FALSE(fail(Cause::unreachable)) << "it was reached in between";
    EXPECT_FALSE(fail(Cause::unreachable));
    EXPECT_TRUE(fail(Cause::unreachable));
}

TEST_F(RestsTest, allowed_fails_are_counted_in_a_window_of_the_cooldown) {
    settings.fallbacks.allowed_fails = 2;
    settings.cooldown_time = 10s;
    EXPECT_FALSE(fail(Cause::rate_limit));
    EXPECT_FALSE(fail(Cause::rate_limit));
    world.pass(11s);
    EXPECT_FALSE(fail(Cause::rate_limit)) << "the first two are forgotten";
    EXPECT_FALSE(fail(Cause::rate_limit));
    EXPECT_TRUE(fail(Cause::rate_limit));
    EXPECT_EQ(left(), 10s);
}

TEST_F(RestsTest, a_policy_has_a_number_for_its_class) {
    settings.allowed_fails_policy.emplace();
    settings.allowed_fails_policy->of[static_cast<std::size_t>(PolicyClass::rate_limit)] = 1;
    EXPECT_FALSE(fail(Cause::rate_limit));
    EXPECT_TRUE(fail(Cause::rate_limit));
}

TEST_F(RestsTest, a_deployments_own_number_goes_before_that_of_all) {
    settings.fallbacks.allowed_fails = 0;
    own.any = 1;
    EXPECT_FALSE(fail(Cause::rate_limit));
    EXPECT_FALSE(fail(Cause::not_found, false)) << "alone it stays";
    EXPECT_TRUE(fail(Cause::upstream)) << "all classes count together";
}

TEST_F(RestsTest, a_deployments_own_policy_counts_each_class_for_itself) {
    own.policy.of[static_cast<std::size_t>(PolicyClass::rate_limit)] = 1;
    own.policy.of[static_cast<std::size_t>(PolicyClass::timeout)] = 1;
    settings.cooldown_time = 10s;
    EXPECT_FALSE(fail(Cause::rate_limit));
    EXPECT_FALSE(fail(Cause::timeout));
    EXPECT_TRUE(fail(Cause::rate_limit, false)) << "what it names holds also where it is alone";
    EXPECT_EQ(left(), 10s);
    EXPECT_TRUE(fail(Cause::authentication)) << "what it does not name is as for all: at once";
}

TEST_F(RestsTest, a_deployments_own_policy_may_count_what_clients_do) {
    own.policy.of[static_cast<std::size_t>(PolicyClass::bad_request)] = 1;
    EXPECT_FALSE(fail(Cause::bad_request));
    EXPECT_FALSE(fail(Cause::bad_request, true, {}, true)) << "a probe of it was an answer";
    EXPECT_TRUE(fail(Cause::context_length));
    own = {};
    own.any = 0;
    good();
    EXPECT_FALSE(fail(Cause::bad_request)) << "by name alone";
}

TEST_F(RestsTest, the_plugins_faults_are_its_breakers_whatever_the_policy) {
    own.policy.of[static_cast<std::size_t>(PolicyClass::internal_server)] = 0;
    EXPECT_FALSE(fail(Cause::plugin));
    EXPECT_TRUE(fail(Cause::upstream));
}

TEST_F(RestsTest, what_never_rests) {
    for (const Cause cause : {Cause::bad_request, Cause::context_length, Cause::content_policy,
                              Cause::plugin, Cause::conflict, Cause::ours}) {
        for (int i = 0; i < 1200; ++i) {
            ASSERT_FALSE(fail(cause)) << rule_of(cause).name;
        }
    }
    settings.disable_cooldowns = true;
    EXPECT_FALSE(fail(Cause::rate_limit));
    settings.disable_cooldowns = false;
    settings.cooldown_time = 0ms;
    EXPECT_FALSE(fail(Cause::rate_limit));
}

TEST_F(RestsTest, one_probe_when_the_rest_is_over) {
    fail(Cause::rate_limit);
    EXPECT_EQ(state(), Awake::no);
    world.pass(5s);
    EXPECT_EQ(state(), Awake::probe);
    EXPECT_TRUE(take_probe(table, lane, world.now));
    EXPECT_FALSE(take_probe(table, lane, world.now));
    EXPECT_EQ(state(), Awake::no) << "for all others";
    give_back(table, lane);
    EXPECT_EQ(state(), Awake::probe);
}

TEST_F(RestsTest, a_good_probe_ends_the_rest_a_bad_one_doubles_it) {
    fail(Cause::rate_limit);
    world.pass(5s);
    ASSERT_TRUE(take_probe(table, lane, world.now));
    EXPECT_TRUE(fail(Cause::upstream, true, {}, true)) << "whatever the shares";
    EXPECT_EQ(left(), 10s);
    world.pass(10s);
    ASSERT_TRUE(take_probe(table, lane, world.now));
    EXPECT_TRUE(fail(Cause::upstream, true, {}, true));
    EXPECT_EQ(left(), 20s);
    world.pass(20s);
    ASSERT_TRUE(take_probe(table, lane, world.now));
    note_good(table, lane, world.now, true);
    EXPECT_EQ(state(), Awake::yes);
    EXPECT_EQ(table.resting(), 0);
    fail(Cause::rate_limit);
    EXPECT_EQ(left(), 5s) << "it begins anew";
}

TEST_F(RestsTest, what_another_gateway_says_makes_it_rest_unless_it_rests_for_longer) {
    EXPECT_EQ(learn_rest(table, lane, 0ms, world.now), 0);
    EXPECT_EQ(learn_rest(table, lane, -2ms, world.now), 0);
    EXPECT_EQ(table.resting(), 0);
    EXPECT_EQ(learn_rest(table, lane, 7s, world.now), world.now.ns() + 7'000'000'000);
    EXPECT_EQ(left(), 7s);
    EXPECT_EQ(table.resting(), 1);
    EXPECT_EQ(learn_rest(table, lane, 6s, world.now), 0);
    EXPECT_EQ(left(), 7s);
    EXPECT_NE(learn_rest(table, lane, 48h, world.now), 0);
    EXPECT_EQ(left(), 1h) << "nobody may lock a deployment away for days";
    EXPECT_EQ(table.resting(), 1);
}

TEST_F(RestsTest, a_probe_that_is_forgotten_is_free_again_after_ten_minutes) {
    fail(Cause::rate_limit);
    world.pass(5s);
    ASSERT_TRUE(take_probe(table, lane, world.now));
    world.pass(11min);
    EXPECT_EQ(state(), Awake::probe);
}

}  // namespace
}  // namespace patchbay
