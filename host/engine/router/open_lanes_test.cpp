#include "engine/router/open_lanes.hpp"

#include <map>

#include <gtest/gtest.h>

#include "engine/lanes/lane_health.hpp"
#include "engine/router/strategies.hpp"
#include "engine/router/test_support.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;

class OpenLanesTest : public testing::Test {
  protected:
    /// A group "g" of deployments with these `rpm` and `max_parallel_requests`; 0 = without.
    void make(const std::vector<std::pair<int, int>>& limits) {
        for (std::size_t i = 0; i < limits.size(); ++i) {
            Deployment& d = world.add("g", "d" + std::to_string(i));
            if (limits[i].first > 0) d.rpm = limits[i].first;
            if (limits[i].second > 0) d.max_parallel_requests = limits[i].second;
        }
        world.finish();
    }
    const GroupTables& group() { return world.tables("g"); }
    LaneIndex lane(std::size_t place) { return group().lanes[place]; }
    void use(std::size_t place, std::uint32_t calls) {
        world.lanes().requests(lane(place)).add(world.now.minute(), calls);
    }
    void rest(std::size_t place, std::chrono::seconds time) {
        world.lanes().rest_until(lane(place)) =
            world.now.ns() + std::chrono::nanoseconds(time).count();
        world.lanes().resting() = 1;
    }
    OpenLanes open(bool healthy = false, bool probes = true) {
        return {group(), world.settings(), world.now, group().all, healthy, probes};
    }
    static std::string told(const LaneSet& set) {
        std::string all;
        set.for_each([&](std::size_t place) { all += std::to_string(place); });
        return all;
    }
    Choice choice(OpenLanes& from) {
        Choice made{group(), from.set(), world.settings(), world.now};
        made.open = &from;
        return made;
    }

    test::RoutedWorld world;
    Draw draw{42};
};

TEST_F(OpenLanesTest, a_preference_holds_while_somebody_keeps_to_it_though_it_has_no_slot) {
    make({{1, 1}, {1, 0}});
    use(1, 1);
    EXPECT_FALSE(open().takes(1));
    world.lanes().in_flight(lane(0)) = 1;
    for (const std::size_t first : {0u, 1u}) {
        OpenLanes asked = open();
        EXPECT_FALSE(asked.takes(first));
        EXPECT_FALSE(asked.takes(1 - first)) << "the other is within its rates";
        EXPECT_FALSE(asked.any());
        EXPECT_TRUE(asked.missed_slots());
    }
    use(0, 1);
    OpenLanes asked = open();
    EXPECT_TRUE(asked.takes(1)) << "nobody is within";
    EXPECT_FALSE(asked.takes(0));
    world.settings().enforce_rate_limits = true;
    OpenLanes strict = open();
    EXPECT_FALSE(strict.any());
    EXPECT_FALSE(strict.missed_slots());
}

TEST_F(OpenLanesTest, who_was_said_to_take_calls_does_until_it_is_taken_out) {
    make({{0, 1}, {0, 1}, {0, 1}});
    OpenLanes asked = open();
    ASSERT_TRUE(asked.any());
    for (std::size_t place = 0; place < 3; ++place) world.lanes().in_flight(lane(place)) = 1;
    const std::string sure = told(asked.settled());
    ASSERT_EQ(sure.size(), 1u);
    const auto place = static_cast<std::size_t>(sure[0] - '0');
    EXPECT_TRUE(asked.takes(place));
    EXPECT_EQ(pick(choice(asked), draw), place);
    asked.take_out(place);
    EXPECT_FALSE(asked.any());
}

TEST_F(OpenLanesTest, a_probe_is_taken_where_it_is_wanted) {
    make({{0, 0}, {0, 0}, {0, 0}});
    rest(0, 5s);
    rest(1, -1s);
    EXPECT_EQ(told(open().settled()), "12");
    EXPECT_EQ(told(open(false, false).settled()), "2");
    set_sick(world.lanes(), lane(2), world.now.ns() + 1'000'000'000);
    EXPECT_EQ(told(open(false).settled()), "12");
    EXPECT_EQ(told(open(true).settled()), "1");
}

// Whatever is asked in whatever order: the same as going through all of them.
TEST_F(OpenLanesTest, who_is_asked_first_does_not_matter) {
    Draw luck(3);
    for (int round = 0; round < 300; ++round) {
        world = test::RoutedWorld();
        const std::size_t size = 1 + luck.below(round % 10 == 0 ? 200 : 20);
        const std::uint32_t much = luck.below(100);
        const auto by_chance = [&] { return luck.below(100) < much; };
        std::vector<std::pair<int, int>> limits(size);
        const bool rates = luck.below(2) == 0;
        const bool slots = luck.below(2) == 0;
        for (auto& [rpm, parallel] : limits) {
            rpm = rates ? static_cast<int>(luck.below(3)) : 0;
            parallel = slots ? static_cast<int>(luck.below(3)) : 0;
        }
        make(limits);
        world.settings().enforce_rate_limits = luck.below(2) == 0;
        const bool healthy = luck.below(2) == 0;
        LaneSet up(size);
        LaneSet within(size);
        for (std::size_t i = 0; i < size; ++i) {
            const auto [rpm, parallel] = limits[i];
            if (by_chance()) use(i, 2);
            if (by_chance()) world.lanes().in_flight(lane(i)) = 2;
            const bool rests = luck.below(5) == 0 && by_chance();
            const bool sick = luck.below(5) == 0 && by_chance();
            if (rests) rest(i, 5s);
            if (sick) set_sick(world.lanes(), lane(i), world.now.ns() + 1'000'000'000);
            if (rests || (sick && healthy)) continue;
            up.set(i);
            const std::uint32_t used = world.lanes().requests(lane(i)).get(world.now.minute());
            if (rpm == 0 || used < static_cast<std::uint32_t>(rpm)) within.set(i);
        }
        LaneSet right = world.settings().enforce_rate_limits || within.any() ? within : up;
        const bool any_without_slots = right.any();
        const LaneSet all = right;
        all.for_each([&](std::size_t i) {
            const bool full =
                limits[i].second > 0 && world.lanes().in_flight(lane(i)) >= limits[i].second;
            if (full) right.reset(i);
        });

        EXPECT_EQ(told(open(healthy).settled()), told(right)) << round;
        OpenLanes whether = open(healthy);
        EXPECT_EQ(whether.any(), right.any()) << round;
        if (!right.any()) {
            EXPECT_EQ(whether.missed_slots(), any_without_slots) << round;
        }
        OpenLanes asked = open(healthy);
        const std::size_t step = size % 7 == 0 ? 1 : 7;
        for (std::size_t i = 0, at = luck.below(static_cast<std::uint32_t>(size)); i < size;
             ++i, at = (at + step) % size) {
            EXPECT_EQ(asked.takes(at), right.test(at)) << round << ": " << at;
        }
        EXPECT_EQ(told(asked.set()), told(right)) << round;
    }
}

// A strategy chooses among those that take calls as if the others were not there.
TEST_F(OpenLanesTest, strategies_choose_among_those_that_take_calls) {
    std::vector<std::pair<int, int>> limits(70, {10, 2});
    make(limits);
    for (const std::size_t open_ones : {60u, 3u}) {
        for (std::size_t i = 0; i < limits.size(); ++i) {
            const LaneIndex at = lane(i);
            if (i % 2 == 1 && i >= open_ones) use(i, 10);
            world.lanes().in_flight(at) = i % 2 == 0 && i >= open_ones ? 2 : 0;
            world.lanes().load(at).slowness.add_peak(1, world.now.ns());
        }
        for (const Strategy strategy :
             {Strategy::simple_shuffle, Strategy::least_busy, Strategy::latency_based,
              Strategy::usage_based_v2, Strategy::p2c_ewma, Strategy::prefix_affinity}) {
            world.settings().strategy = strategy;
            std::map<std::size_t, int> hits;
            constexpr int kEach = 300;
            for (std::size_t i = 0; i < kEach * open_ones; ++i) {
                OpenLanes asked = open();
                ASSERT_TRUE(asked.any());
                ++hits[pick(choice(asked), draw)];
            }
            ASSERT_EQ(hits.size(), open_ones) << static_cast<int>(strategy);
            for (const auto& [place, times] : hits) {
                EXPECT_LT(place, open_ones);
                EXPECT_NEAR(times, kEach, 100) << static_cast<int>(strategy) << ": " << place;
            }
        }
    }
}

TEST_F(OpenLanesTest, what_is_nearly_as_fast_is_so_beside_the_fastest_that_takes_calls) {
    make({{1, 0}, {0, 0}, {0, 0}, {0, 0}});
    world.settings().strategy = Strategy::latency_based;
    world.settings().latency_buffer = 0.5;
    const float times[] = {1, 2, 2.5, 4};
    for (std::size_t i = 0; i < 4; ++i) {
        world.lanes().add_latency(lane(i), times[i], world.now.ns());
    }
    use(0, 1);
    std::map<std::size_t, int> hits;
    for (int i = 0; i < 10'000; ++i) {
        OpenLanes asked = open();
        ASSERT_TRUE(asked.any());
        ++hits[pick(choice(asked), draw)];
    }
    ASSERT_EQ(hits.size(), 2u) << "half more than 1 s is no measure, since that one takes no calls";
    EXPECT_NEAR(hits[1], 5'000, 300);
    EXPECT_NEAR(hits[2], 5'000, 300);
}

}  // namespace
}  // namespace patchbay
