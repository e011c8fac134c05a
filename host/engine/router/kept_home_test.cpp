#include <set>
#include <string>

#include <gtest/gtest.h>

#include "contract/text_hash.hpp"
#include "engine/router/affinity.hpp"
#include "engine/router/plan_fixture.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;

/// `optional_pre_call_checks` that keep calls together, under a strategy that knows nothing of it.
class KeptHomeTest : public test::PlanTest {
  protected:
    void make() {
        for (int i = 0; i < 8; ++i) world.add("g", "d" + std::to_string(i));
        for (auto& [name, group] : world.snapshot.groups) {
            group.tables = make_group_tables(group.deployments, world.snapshot.lanes, nullptr,
                                             {settings().strategy, 0, settings().affinity.any()});
        }
    }
    RoutingSettings& settings() { return world.settings(); }
    std::string served(const PrefixKeys* keys, const std::string& key = "") {
        RouteAsk ask;
        ask.native = &kChatCompletions;
        ask.options = &options;
        ask.keys = keys;
        ask.key = key;
        ask.explain = explain;
        plan_.reset();
        auto route = resolve_model(world.snapshot, "g", "/p");
        Plan& made = plan_.emplace(world.snapshot, std::move(*route), ask, Draw(++seed));
        EXPECT_EQ(made.begin(world.now).kind, Step::Kind::start);
        std::string id = made.deployment().id;
        answered();
        return id;
    }
    std::set<std::string> places(const PrefixKeys* keys, const std::string& key = "") {
        std::set<std::string> seen;
        for (int i = 0; i < 30; ++i) {
            seen.insert(served(keys, key));
            world.pass(1s);
        }
        return seen;
    }
    static PrefixKeys session(std::uint64_t number) {
        PrefixKeys keys;
        keys.root = keys.session = hash_text(std::to_string(number)) | 1;
        return keys;
    }
};

TEST_F(KeptHomeTest, without_a_check_calls_are_spread) {
    make();
    const PrefixKeys keys = session(1);
    EXPECT_GT(places(&keys, "key").size(), 4u);
}

TEST_F(KeptHomeTest, a_session_stays_where_it_was_answered) {
    settings().affinity.session = true;
    make();
    const PrefixKeys one = session(1);
    EXPECT_EQ(places(&one).size(), 1u);
    std::set<std::string> homes;
    for (std::uint64_t i = 2; i < 30; ++i) {
        const PrefixKeys other = session(i);
        homes.insert(served(&other));
    }
    EXPECT_GT(homes.size(), 3u) << "each where the strategy puts it";
}

TEST_F(KeptHomeTest, a_session_is_forgotten_after_its_time) {
    settings().affinity.session = true;
    settings().affinity.ttl = 10s;
    make();
    const PrefixKeys keys = session(1);
    std::set<std::string> seen;
    for (int i = 0; i < 30; ++i) {
        seen.insert(served(&keys));
        world.pass(12s);
    }
    EXPECT_GT(seen.size(), 3u);
}

TEST_F(KeptHomeTest, a_prompt_goes_where_its_beginning_is) {
    settings().affinity.prompt = true;
    make();
    PrefixKeys keys;
    keys.blocks.push_back({hash_text("system"), 2000, false, false});
    keys.blocks.push_back({hash_text("question"), 2100, false, false});
    keys.lead = 1;
    keys.root = keys.blocks[0].hash;
    const std::string first = served(&keys);
    PrefixKeys next = keys;
    next.blocks.push_back({hash_text("more"), 2400, false, false});
    EXPECT_EQ(served(&next), first);
    EXPECT_EQ(served(&keys), first);
}

TEST_F(KeptHomeTest, a_key_stays_in_each_group) {
    settings().affinity.key = true;
    make();
    EXPECT_EQ(places(nullptr, "key-1").size(), 1u);
    EXPECT_GT(places(nullptr, "").size(), 4u) << "nobody's calls are spread";
}

TEST_F(KeptHomeTest, who_may_not_be_asked_is_left) {
    settings().affinity.session = true;
    make();
    const PrefixKeys keys = session(1);
    const std::string first = served(&keys);
    const std::size_t place = static_cast<std::size_t>(first[1] - '0');
    world.lanes().rest_until(lane("g", place)) = world.now.ns() + 60'000'000'000;
    world.lanes().resting() = 1;
    const std::string second = served(&keys);
    EXPECT_NE(second, first);
    world.lanes().rest_until(lane("g", place)) = 0;
    world.pass(1s);
    served(&keys);
    EXPECT_EQ(served(&keys), second) << "it has moved";
}

TEST_F(KeptHomeTest, it_says_why) {
    settings().affinity.session = settings().affinity.key = true;
    make();
    const PrefixKeys keys = session(1);
    served(&keys, "key");
    std::string text;
    explain = &text;
    served(&keys, "key");
    EXPECT_NE(text.find("has its session"), std::string::npos) << text;
    text.clear();
    served(nullptr, "key");
    EXPECT_NE(text.find("has its key"), std::string::npos) << text;
}

}  // namespace
}  // namespace patchbay
