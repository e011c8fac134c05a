// What a check finds is told by tests/e2e/test_background_health.py; here it is who is checked, when, and that threads
// come to an end. The deployments speak no operation, so that each check ends at once.
#include "engine/health/prober.hpp"

#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include "config/health_settings.hpp"
#include "engine/test_support.hpp"
#include "engine/world/group_maker.hpp"

namespace patchbay {
namespace {

using test::comes;

std::shared_ptr<Snapshot> world_of(const std::vector<std::string>& ids, bool background,
                                   const Snapshot* before = nullptr) {
    auto world = std::make_shared<Snapshot>();
    std::vector<Problem> problems;
    world->plugins = PluginSet::load({}, problems);
    if (before) world->lanes = before->lanes;
    HealthSettings settings;
    settings.background = background;
    settings.at_once = 2;
    settings.interval = std::chrono::hours(1);
    world->config.general.health = std::make_shared<const HealthSettings>(settings);
    for (const std::string& id : ids) {
        auto made = std::make_unique<Deployment>();
        made->id = id;
        made->group = "g";
        made->provider = "openai";
        made->model = made->configured = "m";
        made->operations = 0;
        made->lane = world->lanes->take(id);
        world->deployments.push_back(std::move(made));
    }
    return world;
}

TEST(HealthProber, every_deployment_is_checked_at_once_and_each_once) {
    HealthProber prober({});
    prober.use(world_of({"a", "b", "c", "a"}, true));
    for (const char* id : {"a", "b", "c"}) {
        ASSERT_TRUE(comes([&] { return prober.find(id).has_value(); })) << id;
    }
    const auto found = prober.find("a");
    EXPECT_EQ(found->passed + found->failures, 1u);
    EXPECT_FALSE(found->asked) << "nothing speaks for it";
    EXPECT_TRUE(found->failed);
    EXPECT_FALSE(prober.find("d"));
}

TEST(HealthProber, a_reload_drops_what_is_gone_and_asks_again) {
    HealthProber prober({});
    const auto first = world_of({"a", "b"}, true);
    prober.use(first);
    ASSERT_TRUE(comes([&] { return prober.find("a") && prober.find("b"); }));
    prober.use(world_of({"b", "c"}, true, first.get()));
    ASSERT_TRUE(comes([&] { return !prober.find("a") && prober.find("c"); }));
    ASSERT_TRUE(comes([&] { return prober.find("b")->failures == 2; }));
    prober.use(world_of({"b"}, false, first.get()));
    EXPECT_TRUE(comes([&] { return !prober.find("b"); })) << "nothing is checked any more";
}

TEST(HealthProber, without_checks_nothing_is_asked_and_a_reload_can_begin_them) {
    HealthProber prober({});
    const auto off = world_of({"a"}, false);
    prober.use(off);
    prober.use(world_of({"a"}, true, off.get()));
    EXPECT_TRUE(comes([&] { return prober.find("a").has_value(); }));
}

TEST(HealthProber, it_stops_at_any_time_and_lets_the_world_go) {
    for (int round = 0; round < 20; ++round) {
        HealthProber prober({});
        std::weak_ptr<Snapshot> world;
        {
            const auto held = world_of({"a", "b", "c", "d"}, true);
            world = held;
            prober.use(held);
        }
        if (round % 2 == 0) comes([&] { return prober.find("a").has_value(); });
        prober.stop();
        EXPECT_TRUE(world.expired()) << round;
    }
}

}  // namespace
}  // namespace patchbay
