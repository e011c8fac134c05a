#include "engine/plugins/canary.hpp"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay {
namespace {

using testing::HasSubstr;

class CanaryTest : public testing::Test {
  protected:
    void old_calls(int good, int bad) {
        for (int i = 0; i < good; ++i) trial.count_old(false);
        for (int i = 0; i < bad; ++i) trial.count_old(true);
    }
    std::shared_ptr<ComponentStats> stats = std::make_shared<ComponentStats>();
    int failed = 0;
    CanaryTrial trial{{stats}, [this] { ++failed; }};
};

TEST_F(CanaryTest, a_version_that_fails_every_call_is_out_after_the_sample) {
    old_calls(100, 1);
    for (std::uint64_t i = 1; i < kCanarySample; ++i) trial.count_new(true);
    EXPECT_FALSE(trial.over());
    trial.count_new(true);
    EXPECT_TRUE(trial.over());
    EXPECT_EQ(failed, 1);
    EXPECT_EQ(trial.reason(),
              "20 of 20 calls failed, against 1 of 101 calls in the version it was to replace");
    trial.count_new(true);
    EXPECT_EQ(failed, 1);
}

TEST_F(CanaryTest, errors_of_both_versions_are_not_the_new_ones_fault) {
    old_calls(0, 200);
    for (int i = 0; i < 200; ++i) trial.count_new(true);
    EXPECT_FALSE(trial.over());
    EXPECT_EQ(trial.new_version().errors, 200u);
    EXPECT_EQ(trial.old_version().calls, 200u);
}

TEST_F(CanaryTest, without_calls_of_the_old_version_nothing_is_compared) {
    for (int i = 0; i < 200; ++i) trial.count_new(true);
    EXPECT_FALSE(trial.over());
}

TEST_F(CanaryTest, the_first_fault_ends_it) {
    trial.count_new(false);
    stats->faults = 1;
    stats->last_fault.set("returned status -1 for event 3");
    trial.count_new(false);
    EXPECT_TRUE(trial.over());
    EXPECT_THAT(trial.reason(), HasSubstr("returned status -1 for event 3"));
}

TEST_F(CanaryTest, faults_from_before_the_trial_do_not_count) {
    stats->faults = 7;
    CanaryTrial later({stats}, [] {});
    later.count_new(false);
    EXPECT_FALSE(later.over());
}

TEST_F(CanaryTest, a_few_errors_more_are_chance_and_many_are_not) {
    EXPECT_FALSE(errs_more({1000, 10}, {50, 2}));
    EXPECT_FALSE(errs_more({1000, 0}, {1000, 4}));
    EXPECT_TRUE(errs_more({1000, 10}, {50, 10}));
    EXPECT_TRUE(errs_more({10'000, 100}, {1000, 40}));
    EXPECT_FALSE(errs_more({1000, 40}, {10'000, 100}));
}

// What the essay promises: looked at after every call, a version as good as the old one is seldom
// taken for a bad one.
TEST_F(CanaryTest, a_version_as_good_as_the_old_one_stays) {
    std::mt19937 random(1);
    int wrong = 0;
    for (int round = 0; round < 200; ++round) {
        for (const double rate : {0.005, 0.05, 0.5}) {
            std::bernoulli_distribution fails(rate);
            CanaryTrial equal({stats}, [] {});
            for (int call = 0; call < 10'000; ++call) {
                if (call % 20 == 0) {
                    equal.count_new(fails(random));
                } else {
                    equal.count_old(fails(random));
                }
            }
            wrong += equal.over() ? 1 : 0;
        }
    }
    EXPECT_LE(wrong, 6);  // of 600
}

}  // namespace
}  // namespace patchbay
