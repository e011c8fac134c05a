#include "gateway/loop_places.hpp"

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace patchbay::gateway {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

class LoopPlacesTest : public testing::Test {
  protected:
    /// A request: what became of it, and its place while it is served.
    struct Asked {
        explicit Asked(LoopPlaces& places) : place(std::make_unique<LoopPlace>(places)) {}
        std::unique_ptr<LoopPlace> place;
        asio::cancellation_signal left;
        std::string end = "waits";
    };

    Asked& ask() {
        Asked& asked = *all.emplace_back(std::make_unique<Asked>(places));
        if (asked.place->enter(bounds)) {
            asked.end = "served";
            return asked;
        }
        asio::co_spawn(io, asked.place->wait(bounds),
                       asio::bind_cancellation_slot(
                           asked.left.slot(), [&asked](std::exception_ptr thrown, bool admitted) {
                               asked.end = thrown ? "left" : admitted ? "served" : "refused";
                               if (asked.end != "served") asked.place.reset();
                           }));
        io.poll();
        io.restart();
        return asked;
    }
    void poll() {
        io.poll();
        io.restart();
    }

    asio::io_context io;
    LoopLoad load;
    LoopPlaces places{load};
    LoopBounds bounds{1, 2, 1h};
    std::vector<std::unique_ptr<Asked>> all;
};

TEST_F(LoopPlacesTest, some_wait_in_the_order_in_which_they_came_and_the_others_are_refused) {
    Asked& first = ask();
    Asked& second = ask();
    Asked& third = ask();
    EXPECT_EQ(first.end, "served");
    EXPECT_EQ(second.end, "waits");
    EXPECT_EQ(places.refusal().message,
              "Worker at capacity: 1 in-flight, 2 queued requests. Retry later.");
    EXPECT_EQ(ask().end, "refused");
    EXPECT_EQ(load.full.load(), 1u);
    EXPECT_EQ(load.queued.load(), 2);
    first.place.reset();
    poll();
    EXPECT_EQ(second.end + " " + third.end, "served waits");
    EXPECT_EQ(load.admitted.load(), 1);
    EXPECT_EQ(load.queued.load(), 1);
    second.place.reset();
    EXPECT_EQ(ask().end, "waits") << "who comes does not pass whose turn it is";
    poll();
    EXPECT_EQ(third.end, "served");
    EXPECT_EQ(load.timed_out.load(), 0u);
}

TEST_F(LoopPlacesTest, a_turn_that_does_not_come_in_time_is_a_refusal) {
    bounds.wait = 1ms;
    Asked& first = ask();
    Asked& second = ask();
    io.run_for(5s);
    io.restart();
    EXPECT_EQ(second.end, "refused");
    EXPECT_EQ(load.timed_out.load(), 1u);
    EXPECT_EQ(load.queued.load(), 0);
    first.place.reset();
    EXPECT_EQ(load.admitted.load(), 0);
    EXPECT_EQ(ask().end, "served");
}

TEST_F(LoopPlacesTest, who_leaves_gives_the_turn_on) {
    Asked& first = ask();
    Asked& second = ask();
    Asked& third = ask();
    second.left.emit(asio::cancellation_type::terminal);
    poll();
    EXPECT_EQ(second.end, "left");
    EXPECT_EQ(load.queued.load(), 1);
    third.left.emit(asio::cancellation_type::terminal);
    first.place.reset();  // its turn has come before it knows that it is left
    poll();
    EXPECT_EQ(third.end, "left");
    EXPECT_EQ(load.admitted.load(), 0);
    EXPECT_EQ(load.timed_out.load(), 0u) << "nobody was refused";
    EXPECT_EQ(ask().end, "served");
}

TEST_F(LoopPlacesTest, bounds_hold_from_the_next_request_on) {
    bounds.queued = 0;
    Asked& first = ask();
    EXPECT_EQ(ask().end, "refused");
    bounds.in_flight = 2;
    Asked& second = ask();
    EXPECT_EQ(second.end, "served");
    bounds = {1, 1, 1h};
    Asked& third = ask();
    first.place.reset();
    poll();
    EXPECT_EQ(third.end, "waits") << "one is more than enough";
    second.place.reset();
    poll();
    EXPECT_EQ(third.end, "served");
}

}  // namespace
}  // namespace patchbay::gateway
