#include "engine/router/token_limits.hpp"

#include "engine/router/plan_fixture.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;

class TokenLimitsTest : public test::PlanTest {
  protected:
    void SetUp() override {
        Deployment& a = world.add("g", "a");
        a.itpm = 100;
        a.otpm = 80;
        a.usual_answer = 20;
        world.finish();
        world.settings().enforce_rate_limits = true;
    }
    std::string asked(std::size_t prompt, std::int64_t answer = 0) {
        prompt_tokens = prompt;
        answer_tokens = answer;
        plan();
        return begin();
    }
    void used(std::uint64_t prompt, std::uint64_t answer, std::uint64_t cached = 0) {
        plan_->answered({1s, {}, prompt + answer, answer, cached}, world.now);
    }
    /// "prompts answers" of this minute.
    std::string counted() {
        LaneTable& table = world.lanes();
        const std::uint32_t minute = world.now.minute();
        return std::to_string(table.prompt_tokens(lane("g")).get(minute)) + " " +
               std::to_string(table.answer_tokens(lane("g")).get(minute));
    }
};

TEST_F(TokenLimitsTest, what_a_call_may_use_counts_from_its_beginning) {
    EXPECT_EQ(asked(60), "start a");
    EXPECT_EQ(counted(), "60 20") << "the usual answer";
    used(40, 10);
    EXPECT_EQ(counted(), "40 10") << "and then what it has used";
    EXPECT_EQ(asked(30, 50), "start a");
    EXPECT_EQ(counted(), "70 60") << "as long an answer as the client wants";
    used(45, 55, 15);
    EXPECT_EQ(counted(), "70 65") << "what was in the provider's cache is no part of it";
}

TEST_F(TokenLimitsTest, a_call_that_has_no_room_goes_elsewhere_or_is_refused) {
    EXPECT_EQ(asked(100), "start a") << "all of it";
    used(100, 10);
    EXPECT_EQ(asked(1), "fail");
    EXPECT_NE(error().find("No deployments available for selected model"), std::string::npos);
    EXPECT_EQ(counted(), "100 10");
    world.pass(60s);
    EXPECT_EQ(asked(101), "fail") << "more than a minute has";
    EXPECT_EQ(asked(1, 81), "fail");
    EXPECT_EQ(asked(1, 80), "start a");
    used(1, 80);
    world.pass(60s);
    EXPECT_EQ(asked(0), "start a");
    EXPECT_EQ(counted(), "1 20") << "a prompt that nobody has measured counts as one";
    plan_.reset();
    world.add("g", "b");
    world.finish();
    EXPECT_EQ(asked(1, 81), "start b");
    EXPECT_EQ(asked(101), "start b");
}

TEST_F(TokenLimitsTest, where_rates_are_no_limits_they_are_the_second_choice) {
    world.settings().enforce_rate_limits = false;
    EXPECT_EQ(asked(101), "start a") << "somebody has to";
    used(101, 1);
    plan_.reset();
    world.add("g", "b");
    world.finish();
    for (int i = 0; i < 10; ++i) EXPECT_EQ(asked(1), "start b");
}

TEST_F(TokenLimitsTest, a_call_that_fails_or_is_left_has_used_nothing) {
    world.snapshot.config.router.num_retries = 0;
    EXPECT_EQ(asked(60), "start a");
    failed(test::broken());
    EXPECT_EQ(counted(), "0 0");
    EXPECT_EQ(asked(60), "start a");
    plan_.reset();
    EXPECT_EQ(counted(), "0 0");
}

TEST_F(TokenLimitsTest, one_of_which_nobody_says_what_it_used_keeps_what_it_held) {
    EXPECT_EQ(asked(60), "start a");
    used(0, 0);
    plan_.reset();
    EXPECT_EQ(counted(), "60 20");
}

TEST_F(TokenLimitsTest, what_was_held_counts_in_its_minute_and_more_in_the_one_where_it_ends) {
    EXPECT_EQ(asked(60), "start a");
    world.pass(60s);
    used(75, 5);
    EXPECT_EQ(counted(), "15 0");
    EXPECT_EQ(asked(10), "start a");
    world.pass(60s);
    EXPECT_EQ(asked(80), "start a") << "the one before was dropped in the minute after its own";
    EXPECT_EQ(counted(), "80 20");
}

TEST_F(TokenLimitsTest, one_limit_counts_nothing_for_the_other) {
    Deployment& only = world.add("h", "only");
    only.itpm = 10;
    world.finish();
    prompt_tokens = 5;
    plan("h");
    EXPECT_EQ(begin(), "start only");
    used(5, 1'000);
    EXPECT_EQ(world.lanes().answer_tokens(lane("h")).get(world.now.minute()), 0u);
    EXPECT_EQ(world.lanes().prompt_tokens(lane("h")).get(world.now.minute()), 5u);
}

}  // namespace
}  // namespace patchbay
