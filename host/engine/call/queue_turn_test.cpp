#include "engine/call/queue_turn.hpp"

#include <exception>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include "engine/router/plan_fixture.hpp"

namespace patchbay {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

/// A call that waits an hour, or until its turn; for a deployment with one place.
class QueueTurnTest : public test::PlanTest {
  protected:
    void SetUp() override {
        world.add("g", "a").max_parallel_requests = 1;
        world.finish();
    }
    void wait(QueueTurn& turn) {
        asio::co_spawn(io, turn.until(steady_clock::now() + std::chrono::hours(1)),
                       asio::bind_cancellation_slot(leave.slot(), [this](std::exception_ptr why) {
                           over = true;
                           left = why;
                       }));
        run();
    }
    void run() {
        io.restart();
        io.poll();
    }

    asio::io_context io;
    asio::cancellation_signal leave;
    bool over = false;
    std::exception_ptr left;
};

TEST_F(QueueTurnTest, a_turn_ends_the_wait_in_a_queue) {
    world.lanes().in_flight(lane("g")) = 1;
    Plan& one = plan();
    ASSERT_EQ(one.begin(world.now).kind, Step::Kind::queue);
    QueueTurn turn(io, one);
    ASSERT_EQ(one.queue(turn.begin(), world.now).kind, Step::Kind::wait);
    wait(turn);
    EXPECT_FALSE(over);
    turn.come();
    run();
    EXPECT_TRUE(over);
    EXPECT_FALSE(left);
}

TEST_F(QueueTurnTest, one_that_came_as_the_queue_was_left_ends_no_later_wait) {
    world.lanes().in_flight(lane("g")) = 1;
    Plan& one = plan();
    ASSERT_EQ(one.begin(world.now).kind, Step::Kind::queue);
    QueueTurn turn(io, one);
    ASSERT_EQ(one.queue(turn.begin(), world.now).kind, Step::Kind::wait);
    turn.come();
    // It had looked by itself before it noticed.
    world.lanes().in_flight(lane("g")) = 0;
    ASSERT_EQ(one.woke(world.now).kind, Step::Kind::start);
    turn.forget();
    wait(turn);
    EXPECT_FALSE(over) << "what it waits for is a retry";
    leave.emit(asio::cancellation_type::terminal);
    run();
    EXPECT_TRUE(over);
    EXPECT_TRUE(left);
}

}  // namespace
}  // namespace patchbay
