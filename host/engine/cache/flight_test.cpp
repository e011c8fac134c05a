#include "engine/cache/flight.hpp"

#include <optional>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

namespace patchbay {
namespace {

namespace asio = boost::asio;

struct FlightsTest : testing::Test {
    asio::io_context io;
    Flights flights;
    Forgotten forgotten;
    CacheKey key{};

    // What became of one follower; nullopt: it waits.
    struct Outcome {
        std::optional<std::shared_ptr<const CacheEntry>> got;
        bool cancelled = false;
        asio::cancellation_signal cancel;
    };

    void follow(Outcome& outcome) {
        asio::co_spawn(
            io,
            [&]() -> asio::awaitable<void> {
                outcome.got = co_await flights.follow(forgotten.ask(key), io);
            },
            asio::bind_cancellation_slot(outcome.cancel.slot(), [&](std::exception_ptr thrown) {
                outcome.cancelled = thrown != nullptr;
            }));
        io.restart();
        io.poll();
    }
    void run() {
        io.restart();
        io.poll();
    }
};

TEST_F(FlightsTest, followers_get_the_answer_of_the_one_that_leads) {
    auto lead = flights.lead(forgotten.ask(key));
    ASSERT_TRUE(lead);
    EXPECT_FALSE(flights.lead(forgotten.ask(key)));
    Outcome one, two;
    follow(one);
    follow(two);
    EXPECT_EQ(flights.followers(forgotten.ask(key)), 2u);
    EXPECT_FALSE(one.got);
    const auto entry = std::make_shared<const CacheEntry>();
    lead->land(entry);
    run();
    ASSERT_TRUE(one.got && two.got);
    EXPECT_EQ(*one.got, entry);
    EXPECT_EQ(*two.got, entry);
    EXPECT_TRUE(flights.lead(forgotten.ask(key))) << "the next one leads again";
}

TEST_F(FlightsTest, followers_have_nothing_if_the_one_that_leads_fails) {
    auto lead = flights.lead(forgotten.ask(key));
    Outcome one;
    follow(one);
    lead.reset();
    run();
    ASSERT_TRUE(one.got);
    EXPECT_EQ(*one.got, nullptr);
}

TEST_F(FlightsTest, nobody_waits_where_nobody_leads) {
    Outcome one;
    follow(one);
    ASSERT_TRUE(one.got);
    EXPECT_EQ(*one.got, nullptr);
    CacheKey other;
    other.digest[0] = 1;
    const auto lead = flights.lead(forgotten.ask(other));
    Outcome two;
    follow(two);
    EXPECT_TRUE(two.got);
}

TEST_F(FlightsTest, a_follower_whose_client_leaves_is_forgotten) {
    auto lead = flights.lead(forgotten.ask(key));
    Outcome gone, stays;
    follow(gone);
    follow(stays);
    gone.cancel.emit(asio::cancellation_type::terminal);
    run();
    EXPECT_TRUE(gone.cancelled);
    EXPECT_EQ(flights.followers(forgotten.ask(key)), 1u);
    lead->land(std::make_shared<const CacheEntry>());
    run();
    EXPECT_TRUE(stays.got && *stays.got);
    EXPECT_FALSE(gone.got);
}

TEST_F(FlightsTest, who_asks_after_all_was_forgotten_waits_for_none_that_was_asked_before) {
    const CacheAsk before = forgotten.ask(key);
    auto lead = flights.lead(before);
    Outcome one;
    follow(one);
    { const auto span = forgotten.forget_all(); }
    auto next = flights.lead(forgotten.ask(key));
    ASSERT_TRUE(next);
    Outcome two;
    follow(two);
    const auto old = std::make_shared<const CacheEntry>();
    const auto fresh = std::make_shared<const CacheEntry>();
    lead->land(old);
    run();
    ASSERT_TRUE(one.got) << "it asked before, too";
    EXPECT_EQ(*one.got, old);
    EXPECT_FALSE(two.got);
    next->land(fresh);
    run();
    ASSERT_TRUE(two.got);
    EXPECT_EQ(*two.got, fresh);
}

}  // namespace
}  // namespace patchbay
