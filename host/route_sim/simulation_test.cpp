#include "route_sim/simulation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay::sim {
namespace {

using testing::HasSubstr;

Scenario read(const std::string& text) {
    std::string problem;
    auto scenario = read_scenario("test", text, problem);
    EXPECT_TRUE(scenario) << problem;
    return scenario.value_or(Scenario{});
}

std::string problem_of(const std::string& text) {
    std::string problem;
    EXPECT_FALSE(read_scenario("test", text, problem));
    return problem;
}

class SimulationTest : public testing::Test {
  protected:
    Score run(const std::string& text, const std::string& contender, double seconds = 300,
              std::uint64_t seed = 1) {
        const Scenario scenario = read(text);
        return simulate(scenario, make_calls(scenario, seconds, seed), *contender_of(contender),
                        seconds, seed);
    }
    static std::string known(const std::string& name) {
        for (const auto& [known, text] : known_scenarios()) {
            if (known == name) return text;
        }
        ADD_FAILURE() << name;
        return {};
    }
    // Nothing by chance: a first token after a second, ten tokens of 0.1 s.
    const std::string exact =
        "openai first_p50=1 first_p95=1 tail=0 prompt=0 token_p50=0.1 token_p95=0.1 knee=1000 "
        "fail=0 bad=0 hang=0 in=1 cached=0.5 out=10\n";
};

TEST_F(SimulationTest, a_call_takes_and_costs_what_its_lane_says) {
    const Score score =
        run("lane a " + exact + "call 1 1000 10\ncall 50 1000 10\n", "simple-shuffle");
    EXPECT_EQ(score.calls, 2u);
    EXPECT_NEAR(score.p50, 1, 1e-6);
    EXPECT_NEAR(score.spend, 1000 * (1000 * 1e-6 + 10 * 10e-6), 1e-9);
    EXPECT_EQ(score.goodput, 1);
    EXPECT_EQ(score.extra + score.cached + score.shed + score.hedged, 0);
}

TEST_F(SimulationTest, a_session_s_beginning_is_cached_where_it_was) {
    const Score score = run("lane a " + exact +
                                "call 1 2000 500 session=s\ncall 9 3000 500 session=s\n"
                                "call 9999 4000 500 session=s\n",
                            "prefix-affinity");
    EXPECT_NEAR(score.cached, 2000.0 / 9000, 1e-9) << "the third comes too late";
}

TEST_F(SimulationTest, a_lane_that_is_dead_fails_what_nobody_else_can_take) {
    const std::string calls = "call 1 100 10\ncall 20 100 10\ncall 60 100 10\n";
    const Score alone =
        run("lane a " + exact + "at 10 die a\nat 40 recover a\n" + calls, "least-busy");
    EXPECT_NEAR(alone.goodput, 2.0 / 3, 1e-9);
    const Score two =
        run("lane a " + exact + "lane b " + exact + "at 10 die a\n" + calls, "least-busy");
    EXPECT_EQ(two.goodput, 1);
}

TEST_F(SimulationTest, an_attempt_that_is_under_way_dies_with_its_lane) {
    const Score score = run("lane a " + exact + "at 1.5 die a\ncall 1 100 10\n", "simple-shuffle");
    EXPECT_EQ(score.goodput, 0);
}

TEST_F(SimulationTest, a_lane_that_is_added_gets_calls) {
    std::string calls;
    for (int i = 0; i < 100; ++i) calls += "call " + std::to_string(10 + i) + " 100 10\n";
    const std::string text = "lane a " + exact + "lane b " + exact;
    const Score slow =
        run("lane a openai first_p50=5 first_p95=5 tail=0 fail=0 bad=0 hang=0\n"
            "lane b " +
                exact + calls,
            "p2c-ewma");
    EXPECT_NEAR(slow.p50, 1, 0.01);
    const std::string later = exact.substr(0, 6) + " later" + exact.substr(6);
    const Score added =
        run("lane a openai first_p50=5 first_p95=5 tail=0 fail=0 bad=0 hang=0\n"
            "lane b " +
                later + "at 20 add b\n" + calls,
            "p2c-ewma");
    EXPECT_NEAR(added.p50, 1, 0.01);
}

TEST_F(SimulationTest, what_was_seen_is_drawn_from) {
    const Score score =
        run("lane a openai\nsaw a 500 2.5 0.01 200\ncall 1 700 10\n", "simple-shuffle");
    EXPECT_NEAR(score.p50, 2.5, 1e-6);
    const Score bad =
        run("lane a openai\nsaw a 500 2.5 0.01 400\ncall 1 700 10\n", "simple-shuffle");
    EXPECT_EQ(bad.goodput, 0);
}

TEST_F(SimulationTest, a_seed_decides_everything) {
    for (const std::string& name : contender_names()) {
        const Score one = run(known("failing"), name, 60, 3);
        const Score two = run(known("failing"), name, 60, 3);
        EXPECT_EQ(one.p99, two.p99) << name;
        EXPECT_EQ(one.spend, two.spend) << name;
        EXPECT_NE(one.p99, run(known("failing"), name, 60, 4).p99) << name;
    }
}

// What the strategies are for.
TEST_F(SimulationTest, p2c_with_hedging_cuts_the_tail_for_two_percent) {
    // Where all are alike there is nothing to choose, and what is cut is a part of the tail alone.
    const Score alike = run(known("alike"), "p2c-ewma+hedge", 600);
    EXPECT_LT(alike.p99, 0.95 * run(known("alike"), "p2c-ewma", 600).p99);
    EXPECT_LT(alike.extra, 0.02);
    for (const char* name : {"steady", "grey", "failing"}) {
        const Score shuffle = run(known(name), "simple-shuffle", 600);
        const Score ours = run(known(name), "p2c-ewma+hedge", 600);
        EXPECT_LT(ours.p99, 0.7 * shuffle.p99) << name;
        EXPECT_LT(ours.extra, shuffle.extra + 0.02) << name;
        EXPECT_GE(ours.goodput, shuffle.goodput) << name;
    }
}

TEST_F(SimulationTest, affinity_keeps_what_is_cached_through_changes) {
    const double still = run(known("sessions"), "prefix-affinity", 600).cached;
    EXPECT_GT(still, 0.5);
    EXPECT_GT(run(known("scale-out"), "prefix-affinity", 600).cached, 0.9 * still);
    EXPECT_GT(run(known("failover"), "prefix-affinity", 600).cached, 0.9 * still);
    const Score shuffle = run(known("sessions"), "simple-shuffle", 600);
    EXPECT_LT(shuffle.cached, still - 0.1);
    EXPECT_LT(run(known("sessions"), "prefix-affinity", 600).spend, 0.85 * shuffle.spend);
}

TEST(Scenario, its_own_are_right) {
    for (const auto& [name, text] : known_scenarios()) {
        std::string problem;
        EXPECT_TRUE(read_scenario(name, text, problem)) << problem;
    }
}

TEST(Scenario, what_is_wrong_is_told_with_its_line) {
    EXPECT_EQ(problem_of("lane a openai\nfoo\n"),
              "test:2: 'foo' is none of lane, at, traffic, sessions, call, saw");
    EXPECT_THAT(problem_of("lane a moon\n"), HasSubstr("test:1: there is no shape 'moon'"));
    EXPECT_THAT(problem_of("lane a openai x=1\n"), HasSubstr("'x' is no number of a lane"));
    EXPECT_THAT(problem_of("lane a openai fail=-1\n"), HasSubstr("'-1' is not a number"));
    EXPECT_THAT(problem_of("lane a openai\nlane a azure\n"),
                HasSubstr("test:2: there is a lane 'a'"));
    EXPECT_THAT(problem_of("lane a openai\nat 5 slow b 2\n"), HasSubstr("there is no lane 'b'"));
    EXPECT_THAT(problem_of("lane a openai\nat 5 slow a\n"), HasSubstr("this line has the form"));
    EXPECT_THAT(problem_of("lane a openai\ntraffic prompt=600\n"), HasSubstr("two numbers"));
    EXPECT_THAT(problem_of("lane a openai\ncall 1 2.5 3\n"), HasSubstr("'2.5' is not a count"));
    EXPECT_THAT(problem_of("lane a openai\n"), HasSubstr("there are no calls"));
    EXPECT_THAT(problem_of("traffic rate=1\n"), HasSubstr("there is no lane"));
}

}  // namespace
}  // namespace patchbay::sim
