#include "engine/plugins/breaker.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace patchbay {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Pass = Breaker::Pass;
using State = Breaker::State;

class BreakerTest : public testing::Test {
  protected:
    BreakerTest() { breaker.configure({3, seconds(30), seconds(10)}); }
    void fault(int times) {
        for (int i = 0; i < times; ++i) breaker.fault(now);
    }
    Breaker breaker;
    Breaker::Clock::time_point now{seconds(1000)};
};

TEST_F(BreakerTest, opens_at_the_last_fault_of_the_window) {
    EXPECT_FALSE(breaker.fault(now));
    EXPECT_FALSE(breaker.fault(now));
    EXPECT_EQ(breaker.admit(now), Pass::normal);
    EXPECT_TRUE(breaker.fault(now));
    EXPECT_EQ(breaker.state(), State::open);
    EXPECT_EQ(breaker.admit(now), Pass::refused);
    EXPECT_FALSE(breaker.available(now));
    EXPECT_EQ(breaker.rest(now), seconds(10));
    EXPECT_EQ(breaker.opened(), 1u);
}

TEST_F(BreakerTest, faults_older_than_the_window_do_not_count) {
    for (int i = 0; i < 20; ++i, now += seconds(16)) EXPECT_FALSE(breaker.fault(now));
    EXPECT_TRUE(breaker.closed());
}

TEST_F(BreakerTest, one_probe_is_let_through_and_closes_it) {
    fault(3);
    now += seconds(10);
    EXPECT_TRUE(breaker.available(now));
    EXPECT_EQ(breaker.admit(now), Pass::probe);
    EXPECT_EQ(breaker.state(), State::half_open);
    EXPECT_EQ(breaker.admit(now), Pass::refused);
    EXPECT_FALSE(breaker.available(now));
    breaker.probe_good();
    EXPECT_EQ(breaker.admit(now), Pass::normal);
    fault(2);
    EXPECT_TRUE(breaker.closed()) << "faults from before count no more";
}

TEST_F(BreakerTest, a_bad_probe_doubles_the_rest_up_to_the_cap) {
    fault(3);
    seconds rest(10);
    for (int i = 0; i < 12; ++i) {
        EXPECT_EQ(breaker.rest(now), std::min<milliseconds>(rest, Breaker::kMaxCooldown));
        now += breaker.rest(now);
        ASSERT_EQ(breaker.admit(now), Pass::probe);
        breaker.probe_bad(now);
        rest *= 2;
    }
    now += Breaker::kMaxCooldown;
    ASSERT_EQ(breaker.admit(now), Pass::probe);
    breaker.probe_good();
    fault(3);
    EXPECT_EQ(breaker.rest(now), seconds(10)) << "what is good again begins anew";
}

TEST_F(BreakerTest, a_cooldown_above_the_cap_is_kept) {
    breaker.configure({1, seconds(30), seconds(3600)});
    fault(1);
    EXPECT_EQ(breaker.rest(now), seconds(3600));
    now += seconds(3600);
    ASSERT_EQ(breaker.admit(now), Pass::probe);
    breaker.probe_bad(now);
    EXPECT_EQ(breaker.rest(now), seconds(3600));
}

TEST_F(BreakerTest, a_probe_that_says_nothing_leaves_its_place_to_the_next) {
    fault(3);
    now += seconds(10);
    ASSERT_EQ(breaker.admit(now), Pass::probe);
    breaker.probe_void();
    EXPECT_EQ(breaker.admit(now), Pass::probe);
}

TEST_F(BreakerTest, late_faults_of_older_calls_do_not_prolong_the_rest) {
    fault(3);
    now += seconds(5);
    fault(10);
    EXPECT_EQ(breaker.rest(now), seconds(5));
    EXPECT_EQ(breaker.opened(), 1u);
}

TEST_F(BreakerTest, zero_faults_switch_it_off) {
    breaker.configure({0, seconds(30), seconds(10)});
    fault(100);
    EXPECT_TRUE(breaker.closed());
}

TEST_F(BreakerTest, of_many_threads_one_gets_the_probe) {
    fault(3);
    now += seconds(10);
    std::atomic<int> probes{0};
    std::atomic<int> normal{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < 1000; ++n) {
                const Pass pass = breaker.admit(now);
                if (pass == Pass::probe) ++probes;
                if (pass == Pass::normal) ++normal;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(probes, 1);
    EXPECT_EQ(normal, 0);
}

}  // namespace
}  // namespace patchbay
