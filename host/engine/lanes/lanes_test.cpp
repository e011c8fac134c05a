#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/lanes/draw.hpp"
#include "engine/lanes/lane_health.hpp"
#include "engine/lanes/lane_row.hpp"
#include "engine/lanes/lane_set.hpp"
#include "engine/lanes/lane_table.hpp"
#include "engine/lanes/retry_budget.hpp"
#include "engine/lanes/test_support.hpp"
#include "engine/lanes/weights.hpp"

namespace patchbay {
namespace {

using testing::ElementsAre;

using test::kSecond;

TEST(LaneSet, holds_places_over_the_ends_of_words) {
    LaneSet set(130);
    for (const std::size_t i : {0u, 63u, 64u, 129u}) set.set(i);
    std::vector<std::size_t> seen;
    set.for_each([&](std::size_t i) { seen.push_back(i); });
    EXPECT_THAT(seen, ElementsAre(0u, 63u, 64u, 129u));
    EXPECT_EQ(set.count(), 4u);
    EXPECT_EQ(set.nth(2), 64u);
    set.reset(64);
    EXPECT_EQ(set.nth(2), 129u);
    EXPECT_EQ(LaneSet(130, true).count(), 130u);
    EXPECT_EQ((LaneSet(130, true) - set).count(), 127u);
    EXPECT_TRUE((LaneSet(130, true) & set) == set);
}

TEST(LaneTable, a_lane_is_known_as_long_as_somebody_holds_it) {
    const auto table = std::make_shared<LaneTable>();
    auto a = table->take("a");
    const auto b = table->take("b");
    EXPECT_NE(a->index(), b->index());
    EXPECT_EQ(table->take("a")->index(), a->index());
    table->requests(a->index()).add(1, 5);
    table->rest_until(a->index()) = 1;
    table->resting() = 1;
    set_sick(*table, a->index(), kSecond);
    EXPECT_EQ(table->sick(), 1);
    const LaneIndex was = a->index();
    a.reset();
    EXPECT_EQ(table->resting(), 0);
    EXPECT_EQ(table->sick(), 0);
    a = table->take("c");
    EXPECT_EQ(a->index(), was) << "its slot is used again";
    EXPECT_EQ(table->requests(was).get(1), 0u) << "and nothing of it is known";
}

TEST(LaneTable, more_lanes_than_a_block) {
    const auto table = std::make_shared<LaneTable>();
    std::vector<std::shared_ptr<const LaneHold>> held;
    for (int i = 0; i < 600; ++i) held.push_back(table->take(std::to_string(i)));
    table->in_flight(held.back()->index()) = 7;
    EXPECT_EQ(table->in_flight(599), 7);
    EXPECT_EQ(table->in_flight(343), 0);
}

TEST(LaneRow, tells_of_each_lane_in_the_order_that_was_given) {
    const auto table = std::make_shared<LaneTable>();
    std::vector<std::shared_ptr<const LaneHold>> held;
    for (int i = 0; i < 600; ++i) {
        held.push_back(table->take(std::to_string(i)));
        table->in_flight(static_cast<LaneIndex>(i)) = i;
    }
    const std::vector<std::vector<LaneIndex>> rows = {
        {7}, {3, 4, 5, 6}, {254, 255, 256, 257}, {9, 8, 7}, {1, 300, 2}, {599, 599}, {5, 7, 6, 8}};
    for (const auto& lanes : rows) {
        std::vector<LaneIndex> told;
        LaneRow(*table, lanes).each([&](std::size_t i, const LaneBlock& block, std::size_t at) {
            EXPECT_EQ(i, told.size());
            told.push_back(static_cast<LaneIndex>(block.in_flight[at].load()));
        });
        EXPECT_EQ(told, lanes);
    }
}

TEST(MinuteCount, begins_again_with_the_minute) {
    MinuteCount count;
    count.add(10, 3);
    count.add(10, 4);
    EXPECT_EQ(count.get(10), 7u);
    EXPECT_EQ(count.get(11), 0u);
    count.add(11, 1);
    EXPECT_EQ(count.get(11), 1u);
    count.add(11, 0xffffffff);
    EXPECT_EQ(count.get(11), 0xffffffffu) << "it does not turn over";
}

TEST(MinuteCount, what_comes_late_does_not_undo_the_minute_that_has_begun) {
    MinuteCount count;
    count.add(11, 5);
    count.add(10, 1);
    EXPECT_EQ(count.get(11), 6u);
    count.add(3, 1);
    EXPECT_EQ(count.get(3), 1u) << "the clock was set back";
}

TEST(MinuteCount, what_was_counted_may_be_taken_back_as_long_as_its_minute_is_the_last) {
    MinuteCount count;
    count.add(10, 7);
    count.take_back(10, 3);
    EXPECT_EQ(count.get(10), 4u);
    count.take_back(10, 5);
    EXPECT_EQ(count.get(10), 0u) << "not below nothing";
    count.add(10, 7);
    count.add(11, 2);
    count.take_back(10, 1);
    EXPECT_EQ(count.get(11), 2u);
    count.take_back(12, 1);
    EXPECT_EQ(count.get(11), 2u);
}

TEST(MinuteCount, threads_lose_nothing) {
    MinuteCount count;
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 10'000; ++i) count.add(1, 1);
        });
    }
    threads.clear();
    EXPECT_EQ(count.get(1), 40'000u);
}

TEST(LatencyList, tells_the_mean_of_the_last_ten) {
    constexpr std::int64_t kOneSecond = 1'000'000'000;
    LatencyList list;
    LatencyMean mean;
    EXPECT_EQ(mean.get(0), 0);
    list.add(1, 5 * kOneSecond, mean);
    EXPECT_EQ(mean.get(0), 1);
    for (int i = 0; i < 10; ++i) list.add(3, 6 * kOneSecond, mean);
    EXPECT_EQ(mean.get(6), 3) << "the first is forgotten";
    EXPECT_EQ(mean.get(7), 0) << "too old";
}

TEST(LatencyMean, stands_in_until_there_is_one_of_its_own_that_is_not_too_old) {
    const auto lane = std::make_shared<LaneTable>();
    const auto held = lane->take("a");
    const LaneIndex i = held->index();
    const auto streams = [&](std::uint32_t oldest) { return lane->renew_latency(i, true, oldest); };
    const auto answers = [&](std::uint32_t oldest) {
        return lane->renew_latency(i, false, oldest);
    };
    EXPECT_EQ(streams(0), 0);
    lane->add_latency(i, 2, 5 * kSecond);
    EXPECT_EQ(streams(5), 2) << "of its answers";
    lane->add_first_token(i, 7, 6 * kSecond);
    lane->add_latency(i, 2, 8 * kSecond);
    EXPECT_EQ(streams(6), 7);
    EXPECT_EQ(answers(6), 2);
    EXPECT_EQ(streams(7), 2) << "the first token is too old, the answer is not";
    lane->add_latency(i, 4, 9 * kSecond);
    EXPECT_FLOAT_EQ(streams(9), 8.0F / 3) << "and goes on to be followed";
    EXPECT_EQ(streams(10), 0);
    EXPECT_EQ(answers(10), 0);
    EXPECT_EQ(lane->first_token(i).word(), LatencyMean().word()) << "which is never too old";
    lane->add_first_token(i, 1, 11 * kSecond);
    EXPECT_EQ(streams(11), 4) << "the mean of both";
}

TEST(LatencyMean, what_is_told_while_the_old_is_forgotten_stays) {
    const auto table = std::make_shared<LaneTable>();
    const auto held = table->take("a");
    const LaneIndex i = held->index();
    std::atomic<std::uint32_t> second{1};
    std::jthread forgets([&](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            table->renew_latency(i, true, second);
            table->renew_latency(i, false, second);
        }
    });
    for (std::uint32_t now = 2; now < 20'000; ++now) {
        second = now;
        table->add_latency(i, 2, now * kSecond);
        if (now % 3 == 0) table->add_first_token(i, 3, now * kSecond);
        ASSERT_EQ(table->latency(i).get(now), 2);
        ASSERT_EQ(table->renew_latency(i, true, now), now % 3 == 0 ? 3 : 2) << now;
    }
}

TEST(Weights, are_met_within_one_percent) {
    const std::vector<double> weights{1, 2, 0, 5, 2};
    const Weights table(weights);
    std::vector<int> hits(weights.size());
    Draw draw(7);
    for (int i = 0; i < 100'000; ++i) ++hits[table.pick(draw.bits())];
    for (std::size_t i = 0; i < weights.size(); ++i) {
        EXPECT_NEAR(hits[i] / 100'000.0, weights[i] / 10, 0.01) << i;
    }
    EXPECT_EQ(hits[2], 0);
}

TEST(Weights, all_zero_is_all_alike) {
    const Weights table(std::vector<double>{0, 0});
    Draw draw(1);
    int first = 0;
    for (int i = 0; i < 10'000; ++i) first += table.pick(draw.bits()) == 0;
    EXPECT_NEAR(first, 5'000, 300);
}

TEST(RetryBudget, is_half_of_the_calls_and_ten_a_second) {
    RetryBudget budget;
    int taken = 0;
    while (budget.take(100 * kSecond)) ++taken;
    EXPECT_EQ(taken, 100) << "of ten seconds without calls";
    for (int i = 0; i < 1000; ++i) budget.called(101 * kSecond);
    while (budget.take(101 * kSecond)) ++taken;
    EXPECT_EQ(taken, 600);
    EXPECT_FALSE(budget.take(109 * kSecond));
    EXPECT_TRUE(budget.take(112 * kSecond)) << "what is ten seconds old is forgotten";
}

TEST(Draw, is_decided_by_its_seed) {
    Draw a(5);
    Draw b(5);
    Draw c(6);
    EXPECT_EQ(a.bits(), b.bits());
    EXPECT_NE(a.bits(), c.bits());
    for (int i = 0; i < 1000; ++i) {
        EXPECT_LT(a.below(3), 3u);
        EXPECT_LT(a.uniform(), 1.0);
    }
}

}  // namespace
}  // namespace patchbay
