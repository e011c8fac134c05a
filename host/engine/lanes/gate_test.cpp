#include "engine/lanes/gate.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace patchbay {
namespace {

using namespace std::chrono_literals;

/// A queue of calls with names, and who was told.
class GateTest : public testing::Test {
  protected:
    struct Call final : Gate::Turn {
        Call(GateTest& of, std::string called) : name(std::move(called)), test(of) {}
        void come() noexcept override { test.told += name; }
        std::string name;
        GateTest& test;
        Gate::Place place;
    };

    std::optional<Shed> enter(const std::string& name, const std::string& key = "",
                              int priority = Gate::kMedium, std::int64_t tokens = 1,
                              std::size_t bytes = 0) {
        calls.push_back(std::make_unique<Call>(*this, name));
        Call& call = *calls.back();
        return call.place.enter(gate, {priority, key, bytes, tokens, &call}, bounds, now);
    }
    Gate::Place& place(const std::string& name) {
        const auto is = [&](const auto& call) { return call->name == name; };
        return (*std::find_if(calls.begin(), calls.end(), is))->place;
    }
    // Something is free, and whoever is told takes it.
    std::string serve(int times) {
        std::string order;
        for (int i = 0; i < times; ++i) {
            told.clear();
            gate.freed();
            if (told.empty()) return order + "-";
            place(told).leave_served(now);
            order += told;
        }
        return order;
    }

    Gate gate;
    Gate::Bounds bounds;
    Gate::Clock::time_point now{1h};
    std::string told;
    std::vector<std::unique_ptr<Call>> calls;
};

TEST_F(GateTest, who_came_first_is_served_first) {
    for (const char* name : {"a", "b", "c"}) EXPECT_FALSE(enter(name));
    EXPECT_EQ(gate.waiting(), 3u);
    EXPECT_EQ(serve(4), "abc-");
    EXPECT_EQ(gate.waiting(), 0u);
}

TEST_F(GateTest, a_lower_priority_goes_first) {
    enter("l", "", 255);
    enter("m");
    enter("h", "", 0);
    EXPECT_EQ(serve(3), "hml");
}

TEST_F(GateTest, who_waits_gets_better_so_that_nobody_starves) {
    enter("l", "", 32);
    now += 11s;
    enter("h", "", 1);
    EXPECT_EQ(serve(2), "lh");
}

TEST_F(GateTest, a_key_with_many_calls_does_not_keep_another_waiting) {
    for (const char* name : {"a", "b", "c", "d"}) enter(name, "greedy");
    enter("x", "modest");
    enter("y", "modest");
    EXPECT_EQ(serve(6), "axbycd");
}

TEST_F(GateTest, calls_count_by_their_tokens) {
    enter("a", "long", Gate::kMedium, 100);
    enter("b", "long", Gate::kMedium, 100);
    for (const char* name : {"w", "x", "y"}) enter(name, "short", Gate::kMedium, 40);
    EXPECT_EQ(serve(5), "wxayb");
}

TEST_F(GateTest, a_key_that_comes_back_owes_nothing_of_before) {
    enter("a", "k", Gate::kMedium, 1000);
    EXPECT_EQ(serve(1), "a");
    enter("x", "other", Gate::kMedium, 10);
    enter("b", "k", Gate::kMedium, 5);
    EXPECT_EQ(serve(2), "bx");
}

TEST_F(GateTest, each_thing_that_is_free_is_told_to_another) {
    enter("a");
    enter("b");
    gate.freed();
    gate.freed();
    gate.freed();
    EXPECT_EQ(told, "ab");
}

TEST_F(GateTest, a_turn_that_is_not_used_goes_on) {
    enter("a");
    enter("b");
    enter("c");
    gate.freed();
    EXPECT_EQ(told, "a");
    place("a").pass(true);  // nothing for it
    EXPECT_EQ(told, "ab");
    place("b").leave();  // its client hung up
    EXPECT_EQ(told, "aba");
}

TEST_F(GateTest, only_the_first_may_try_without_being_told) {
    enter("a");
    enter("b", "", 0);
    EXPECT_TRUE(place("b").may_try(now));
    EXPECT_FALSE(place("a").may_try(now));
}

TEST_F(GateTest, what_is_full_takes_no_more) {
    bounds.calls = 2;
    EXPECT_FALSE(enter("a"));
    EXPECT_FALSE(enter("b"));
    EXPECT_EQ(enter("c"), Shed::full);
    EXPECT_EQ(gate.waiting(), 2u);
    EXPECT_EQ(gate.figures().shed[0], 1u);
}

TEST_F(GateTest, bytes_are_bounded_too) {
    bounds.bytes = 100;
    EXPECT_FALSE(enter("a", "", Gate::kMedium, 1, 60));
    EXPECT_EQ(enter("b", "", Gate::kMedium, 1, 60), Shed::full);
    EXPECT_FALSE(enter("c", "", Gate::kMedium, 1, 40));
    place("a").leave();
    EXPECT_EQ(gate.figures().bytes, 40u);
}

TEST_F(GateTest, a_key_has_a_quarter_at_most) {
    bounds.calls = 8;
    EXPECT_FALSE(enter("a", "k"));
    EXPECT_FALSE(enter("b", "k"));
    EXPECT_EQ(enter("c", "k"), Shed::key_share);
    EXPECT_FALSE(enter("d", "other"));
}

TEST_F(GateTest, where_it_is_full_the_newest_of_who_has_most_makes_room) {
    bounds.calls = 4;
    for (const char* name : {"a", "b", "c", "d"}) enter(name);  // nobody's
    EXPECT_FALSE(enter("x", "key"));
    EXPECT_EQ(told, "d");
    EXPECT_EQ(place("d").shed(), Shed::full);
    EXPECT_FALSE(place("a").shed());
    EXPECT_EQ(gate.waiting(), 4u);
    place("d").leave();
    EXPECT_EQ(gate.waiting(), 4u);
}

TEST_F(GateTest, what_is_larger_than_the_queue_drives_nobody_out) {
    bounds.bytes = 100;
    enter("a", "", Gate::kMedium, 1, 40);
    enter("b", "", Gate::kMedium, 1, 40);
    EXPECT_EQ(enter("x", "key", Gate::kMedium, 1, 101), Shed::full);
    EXPECT_EQ(gate.waiting(), 2u);
    EXPECT_EQ(told, "");
}

TEST_F(GateTest, the_turn_of_who_is_driven_out_goes_on) {
    bounds.calls = 2;
    enter("a", "", 200);
    enter("b");
    gate.freed();
    EXPECT_EQ(told, "b");
    EXPECT_FALSE(enter("x", "key"));
    EXPECT_EQ(told, "bba") << "b is shed, and a has the turn";
}

TEST_F(GateTest, who_is_destroyed_leaves) {
    enter("a");
    calls.clear();
    EXPECT_EQ(gate.waiting(), 0u);
    EXPECT_EQ(serve(1), "-");
}

TEST_F(GateTest, how_long_to_wait_is_told_by_how_fast_it_goes) {
    for (int i = 0; i < 40; ++i) {
        enter("s" + std::to_string(i));
        now += 500ms;
        place("s" + std::to_string(i)).leave_served(now);
    }
    for (int i = 0; i < 8; ++i) enter("w" + std::to_string(i));
    EXPECT_EQ(gate.retry_after(), 5s);
    EXPECT_EQ(gate.figures().served, 40u);
    EXPECT_NEAR(gate.figures().waited_s, 20.0, 1e-6);
}

}  // namespace
}  // namespace patchbay
