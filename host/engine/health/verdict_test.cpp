#include "engine/health/verdict.hpp"

#include <gtest/gtest.h>

#include "config/health_settings.hpp"
#include "engine/lanes/lane_health.hpp"
#include "engine/router/rests.hpp"
#include "engine/router/test_support.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using test::error_of;

class VerdictTest : public testing::Test {
  protected:
    VerdictTest() {
        settings.background = true;
        settings.routing.on = true;
        settings.interval = 30s;
        a = &world.add("g", "a");
        b = &world.add("g", "b");
        world.finish();
        use();
    }
    void use() {
        world.snapshot.config.general.health = std::make_shared<const HealthSettings>(settings);
    }
    void tell(std::optional<Error> failed, bool asked = true) {
        tell_routing(world.snapshot, {a, asked, std::move(failed)}, world.now);
    }
    LaneIndex lane() { return a->lane->index(); }
    bool healthy() { return is_healthy(world.lanes(), lane(), world.now); }
    Awake state() { return awake(world.lanes(), lane(), world.now); }

    test::RoutedWorld world;
    HealthSettings settings;
    Deployment* a = nullptr;
    Deployment* b = nullptr;
};

TEST_F(VerdictTest, a_failure_counts_until_the_next_answer_or_until_it_is_stale) {
    tell(error_of(ErrorClass::upstream, 500));
    EXPECT_FALSE(healthy());
    tell(std::nullopt);
    EXPECT_TRUE(healthy());
    tell(error_of(ErrorClass::authentication, 401));
    world.pass(59s);
    EXPECT_FALSE(healthy());
    world.pass(1s);
    EXPECT_TRUE(healthy()) << "twice the interval, as in LiteLLM";
    settings.routing.staleness = 5s;
    use();
    tell(error_of(ErrorClass::authentication, 401));
    world.pass(5s);
    EXPECT_TRUE(healthy());
}

TEST_F(VerdictTest, what_says_nothing_of_the_deployment_changes_nothing) {
    tell(error_of(ErrorClass::bad_request, 400));
    EXPECT_TRUE(healthy()) << "the check asked what it does not take";
    tell(error_of(ErrorClass::overloaded, 503), false);
    EXPECT_TRUE(healthy()) << "the gateway itself did not ask";
    settings.routing.ignore_transient = true;
    use();
    tell(error_of(ErrorClass::rate_limit, 429));
    tell(error_of(ErrorClass::timeout, 408));
    EXPECT_TRUE(healthy());
    tell(error_of(ErrorClass::upstream, 500));
    tell(error_of(ErrorClass::rate_limit, 429));
    EXPECT_FALSE(healthy()) << "what is ignored is no answer either";
    settings.routing.on = false;
    use();
    forget_verdicts(world.snapshot);
    EXPECT_TRUE(healthy());
    tell(error_of(ErrorClass::upstream, 500));
    EXPECT_TRUE(healthy());
}

TEST_F(VerdictTest, with_a_policy_failures_count_like_those_of_calls) {
    world.settings().allowed_fails_policy.emplace();
    world.settings()
        .allowed_fails_policy->of[static_cast<std::size_t>(PolicyClass::authentication)] = 1;
    world.settings().cooldown_time = 60s;
    tell(error_of(ErrorClass::authentication, 401));
    EXPECT_TRUE(healthy());
    EXPECT_EQ(state(), Awake::yes);
    tell(error_of(ErrorClass::authentication, 401));
    EXPECT_TRUE(healthy());
    EXPECT_EQ(state(), Awake::no);
    tell(std::nullopt);
    EXPECT_EQ(state(), Awake::no) << "a rest lasts its time";
    world.pass(60s);
    tell(std::nullopt);
    EXPECT_EQ(state(), Awake::yes) << "the check was its probe";
    EXPECT_EQ(world.lanes().resting(), 0);
}

TEST_F(VerdictTest, with_a_policy_the_last_one_does_not_rest) {
    world.settings().allowed_fails_policy.emplace();
    EXPECT_GT(learn_rest(world.lanes(), b->lane->index(), 60s, world.now), 0);
    tell(error_of(ErrorClass::rate_limit, 429));
    EXPECT_EQ(state(), Awake::yes);
    world.settings().fallbacks.general["g"] = {"h"};
    tell(error_of(ErrorClass::rate_limit, 429));
    EXPECT_EQ(state(), Awake::no) << "there is a fallback";
}

TEST_F(VerdictTest, who_is_checked) {
    EXPECT_TRUE(wants_check(world.snapshot.config, *a));
    settings.groups = {"other"};
    use();
    EXPECT_FALSE(wants_check(world.snapshot.config, *a));
    settings.groups = {"g"};
    use();
    EXPECT_TRUE(wants_check(world.snapshot.config, *a));
    ModelHealth of_a;
    of_a.in_background = false;
    a->health = std::make_shared<const ModelHealth>(of_a);
    EXPECT_FALSE(wants_check(world.snapshot.config, *a));
    EXPECT_TRUE(wants_check(world.snapshot.config, *b));
    b->model = b->configured = "openai/*";
    EXPECT_FALSE(wants_check(world.snapshot.config, *b)) << "there is no model to ask for";
    settings.background = false;
    use();
    EXPECT_FALSE(wants_check(world.snapshot.config, *a));
}

TEST_F(VerdictTest, who_is_checked_no_more_is_not_held_to_what_was_found) {
    tell(error_of(ErrorClass::upstream, 500));
    ASSERT_FALSE(healthy());
    forget_verdicts(world.snapshot);
    EXPECT_FALSE(healthy()) << "it is checked still";
    settings.groups = {"other"};
    use();
    forget_verdicts(world.snapshot);
    EXPECT_TRUE(healthy());
    EXPECT_EQ(world.lanes().sick(), 0);
}

}  // namespace
}  // namespace patchbay
