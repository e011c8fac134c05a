#include "engine/loop.hpp"

#include <optional>
#include <stdexcept>
#include <vector>

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using Clock = Deadlines::Clock;

struct DeadlineTest : testing::Test {
    boost::asio::io_context io;
    std::optional<Deadlines> deadlines{io};
};

TEST_F(DeadlineTest, fires_once_and_never_early) {
    int fired = 0;
    Clock::time_point when;
    Deadline d(*deadlines, [&] {
        ++fired;
        when = Clock::now();
    });
    const auto start = Clock::now();
    d.arm(50ms);
    EXPECT_TRUE(d.armed());
    EXPECT_FALSE(d.expired());
    io.run();
    EXPECT_EQ(fired, 1);
    EXPECT_GE(when - start, 50ms);
    EXPECT_FALSE(d.armed());
    EXPECT_TRUE(d.expired());
}

TEST_F(DeadlineTest, disarmed_one_does_not_fire_and_lets_the_loop_end) {
    Deadline d(*deadlines, [] { FAIL() << "was disarmed"; });
    d.arm(1ms);
    d.disarm();
    EXPECT_FALSE(d.armed());
    d.disarm();
    io.run();
    EXPECT_FALSE(d.expired());
}

TEST_F(DeadlineTest, zero_or_less_disarms) {
    Deadline d(*deadlines, [] { FAIL() << "was disarmed"; });
    d.arm(1ms);
    d.arm(0ms);
    EXPECT_FALSE(d.armed());
    d.arm(1ms);
    d.arm(-5ms);
    EXPECT_FALSE(d.armed());
    io.run();
}

TEST_F(DeadlineTest, arming_again_replaces_what_was_armed) {
    std::vector<int> order;
    Deadline first(*deadlines, [&] { order.push_back(1); });
    Deadline second(*deadlines, [&] { order.push_back(2); });
    first.arm(1ms);
    second.arm(25ms);
    first.arm(400ms);
    io.run();
    EXPECT_EQ(order, (std::vector<int>{2, 1}));
}

TEST_F(DeadlineTest, longest_time_does_not_overflow) {
    Deadline d(*deadlines, [] { FAIL() << "far in the future"; });
    d.arm(std::chrono::milliseconds::max());
    EXPECT_TRUE(d.armed());
    io.run_one();
    EXPECT_TRUE(d.armed());
}

TEST_F(DeadlineTest, destroyed_one_does_not_fire) {
    std::optional<Deadline> d;
    d.emplace(*deadlines, [] { FAIL() << "was destroyed"; });
    d->arm(1ms);
    d.reset();
    io.run();
}

TEST_F(DeadlineTest, action_may_destroy_others_due_in_the_same_tick) {
    int fired = 0;
    std::vector<std::optional<Deadline>> all(4);
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i].emplace(*deadlines, [&, i] {
            ++fired;
            for (std::size_t j = 0; j < all.size(); ++j) {
                if (j != i) all[j].reset();
            }
        });
        all[i]->arm(1ms);
    }
    io.run();
    EXPECT_EQ(fired, 1);
}

TEST_F(DeadlineTest, action_may_disarm_and_postpone_others_due_in_the_same_tick) {
    std::vector<int> order;
    Deadline disarmed(*deadlines, [&] { order.push_back(9); });
    Deadline postponed(*deadlines, [&] { order.push_back(2); });
    std::optional<Deadline> first;
    first.emplace(*deadlines, [&] {
        order.push_back(1);
        disarmed.disarm();
        postponed.arm(40ms);
    });
    first->arm(1ms);
    disarmed.arm(1ms);
    postponed.arm(1ms);
    io.run();
    EXPECT_EQ(order, (std::vector<int>{1, 2}));
    EXPECT_FALSE(disarmed.expired());
}

TEST_F(DeadlineTest, action_may_arm_itself_again) {
    int fired = 0;
    std::optional<Deadline> d;
    d.emplace(*deadlines, [&] {
        EXPECT_TRUE(d->expired());
        if (++fired < 3) d->arm(1ms);
    });
    d->arm(1ms);
    io.run();
    EXPECT_EQ(fired, 3);
    EXPECT_TRUE(d->expired());
}

TEST_F(DeadlineTest, works_again_after_the_ticking_has_stopped) {
    int fired = 0;
    Deadline d(*deadlines, [&] { ++fired; });
    for (int round = 0; round < 3; ++round) {
        d.arm(1ms);
        EXPECT_FALSE(d.expired());
        io.run();
        io.restart();
    }
    EXPECT_EQ(fired, 3);
}

TEST_F(DeadlineTest, exception_of_one_action_does_not_lose_the_others) {
    int fired = 0;
    Deadline first(*deadlines, [] { throw std::runtime_error("boom"); });
    Deadline second(*deadlines, [&] { ++fired; });
    first.arm(1ms);
    second.arm(1ms);
    EXPECT_THROW(io.run(), std::runtime_error);
    EXPECT_EQ(fired, 0);
    io.run();
    EXPECT_EQ(fired, 1);
}

TEST_F(DeadlineTest, owner_may_die_first) {
    Deadline d(*deadlines, [] { FAIL() << "its owner is gone"; });
    d.arm(1ms);
    deadlines.reset();
    EXPECT_FALSE(d.armed());
    io.run();
}

TEST_F(DeadlineTest, owner_may_die_with_a_tick_already_queued) {
    Deadline d(*deadlines, [] { FAIL() << "its owner is gone"; });
    d.arm(1ms);
    const auto passed = Clock::now() + 2 * Deadlines::kTick;
    while (Clock::now() < passed) {
    }
    // The loop looks at its timers before it runs this, so the tick is queued behind it.
    boost::asio::post(io, [&] { deadlines.reset(); });
    io.run();
    EXPECT_FALSE(d.expired());
}

}  // namespace
}  // namespace patchbay
