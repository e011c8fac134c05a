#include "engine/router/affinity.hpp"

#include <map>

#include <gtest/gtest.h>

#include "engine/router/plan_fixture.hpp"
#include "engine/router/strategies.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;

PrefixKeys session(std::uint64_t id) {
    PrefixKeys keys;
    keys.root = keys.session = hash_text(std::to_string(id)) | 1;
    return keys;
}

/// A prompt of blocks with these names, each so many tokens longer than the one before.
PrefixKeys prompt(const std::vector<std::string>& names, std::uint32_t tokens = 2000) {
    PrefixKeys keys;
    for (const std::string& name : names) {
        const std::uint64_t before = keys.blocks.empty() ? 0 : keys.blocks.back().hash;
        const auto size = static_cast<std::uint32_t>(keys.blocks.size() + 1) * tokens;
        keys.blocks.push_back({hash_text(name, before), size, false, false});
    }
    keys.lead = 1;
    keys.root = keys.blocks[std::min<std::size_t>(1, names.size() - 1)].hash;
    return keys;
}

class AffinityTest : public test::PlanTest {
  protected:
    void make(std::size_t count, const std::string& provider = "openai") {
        world.settings().strategy = Strategy::prefix_affinity;
        for (std::size_t i = 0; i < count; ++i) {
            Deployment& made = world.add("g", "d" + std::to_string(i));
            made.provider = provider;
        }
        world.finish();
    }
    /// Begins a call with these keys.
    Plan& call(const PrefixKeys& keys) {
        RouteAsk ask;
        ask.native = &kChatCompletions;
        ask.options = &options;
        ask.keys = &keys;
        ask.prompt_tokens = 1000;
        ask.explain = explain;
        plan_.reset();
        auto route = resolve_model(world.snapshot, "g", "/p");
        Plan& made = plan_.emplace(world.snapshot, std::move(*route), ask, Draw(++seed));
        EXPECT_EQ(made.begin(world.now).kind, Step::Kind::start);
        return made;
    }
    /// Where a call with these keys is answered.
    std::string served(const PrefixKeys& keys) {
        Plan& made = call(keys);
        const std::string id = made.deployment().id;
        made.answered({1s, {}, 1100, 100}, world.now);
        plan_.reset();
        return id;
    }
    std::size_t place(const std::string& id) const {
        return static_cast<std::size_t>(std::stoi(id.substr(1)));
    }
};

TEST_F(AffinityTest, a_session_stays_where_it_is) {
    make(5);
    std::map<std::string, int> homes;
    for (std::uint64_t s = 0; s < 50; ++s) {
        const std::string at = served(session(s));
        ++homes[at];
        for (int turn = 0; turn < 5; ++turn) EXPECT_EQ(served(session(s)), at) << s;
    }
    EXPECT_EQ(homes.size(), 5u) << "and they spread";
}

TEST_F(AffinityTest, a_restart_does_not_matter) {
    make(5);
    std::vector<std::string> before;
    for (std::uint64_t s = 0; s < 50; ++s) before.push_back(served(session(s)));
    test::RoutedWorld fresh;
    fresh.settings().strategy = Strategy::prefix_affinity;
    for (int i = 0; i < 5; ++i) fresh.add("g", "d" + std::to_string(i));
    fresh.finish();
    for (std::uint64_t s = 0; s < 50; ++s) {
        const PrefixKeys keys = session(s);
        const Choice choice{fresh.tables("g"),
                            fresh.tables("g").all,
                            fresh.settings(),
                            fresh.now,
                            false,
                            1000,
                            0,
                            &keys};
        Draw draw(s);
        EXPECT_EQ("d" + std::to_string(pick(choice, draw)), before[s]);
    }
}

TEST_F(AffinityTest, new_sessions_are_spread_as_the_ring_says) {
    make(5);
    const GroupTables& tables = world.tables("g");
    constexpr int kPicks = 100'000;
    std::vector<double> arcs(5);
    std::vector<double> found(5);
    for (std::uint64_t i = 0; i < kPicks; ++i) {
        arcs[tables.ring.at(tables.ring.start(i * (~std::uint64_t{0} / kPicks)))] += 1.0 / kPicks;
        const PrefixKeys keys = session(i);
        Choice choice{tables, tables.all, world.settings(), world.now, true, 1000};
        choice.keys = &keys;
        Draw draw(i);
        found[pick(choice, draw)] += 1.0 / kPicks;
    }
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_NEAR(found[i], arcs[i], 0.01) << i;
        EXPECT_NEAR(arcs[i], 0.2, 0.1) << i;
    }
}

TEST_F(AffinityTest, the_longest_beginning_that_is_known_leads) {
    make(8);
    const std::string at = served(prompt({"system", "q1"}));
    EXPECT_EQ(served(prompt({"system", "q1", "a1", "q2"})), at);
    EXPECT_EQ(served(prompt({"system", "q1", "a1", "q2", "a2", "q3"})), at);
    EXPECT_EQ(served(prompt({"system", "another"})), at) << "its system prompt is there";
}

TEST_F(AffinityTest, what_no_cache_keeps_is_spread) {
    make(8);
    std::map<std::string, int> homes;
    for (int i = 0; i < 40; ++i) ++homes[served(prompt({"system", "q1"}, 400))];
    EXPECT_GT(homes.size(), 5u) << "800 tokens are below OpenAI's 1,024";
}

TEST_F(AffinityTest, where_marks_are_needed_they_count) {
    make(8, "anthropic");
    std::map<std::string, int> homes;
    for (int i = 0; i < 40; ++i) ++homes[served(prompt({"system", "q1"}))];
    EXPECT_GT(homes.size(), 5u);
    PrefixKeys first = prompt({"system", "q1"});
    first.blocks[1].marked = first.blocks[1].before_mark = first.blocks[0].before_mark = true;
    const std::string at = served(first);
    PrefixKeys second = prompt({"system", "q1", "a1", "q2"});
    second.blocks[3].marked = true;
    for (PrefixKey& block : second.blocks) block.before_mark = true;
    for (int i = 0; i < 10; ++i) EXPECT_EQ(served(second), at);
}

TEST_F(AffinityTest, a_home_is_forgotten_with_the_provider_s_cache) {
    make(8);
    const PrefixKeys keys = prompt({"system", "q1"});
    const std::string by_hash = served(keys);
    world.pass(2s);
    const std::size_t other = (place(by_hash) + 1) % 8;
    remember_home(world.tables("g"), other, keys, world.now);
    world.pass(590s);
    call(keys);
    EXPECT_EQ(plan_->deployment().id, "d" + std::to_string(other));
    plan_.reset();
    world.pass(20s);
    EXPECT_EQ(served(keys), by_hash) << "OpenAI keeps a beginning for ten minutes";
}

TEST_F(AffinityTest, affinity_does_not_overload) {
    make(4);
    const PrefixKeys hot = session(1);
    std::map<std::string, int> under_way;
    std::vector<std::unique_ptr<Plan>> plans;
    RouteAsk ask;
    ask.native = &kChatCompletions;
    ask.options = &options;
    ask.keys = &hot;
    ask.prompt_tokens = 1000;
    for (int i = 0; i < 100; ++i) {
        auto route = resolve_model(world.snapshot, "g", "/p");
        plans.push_back(
            std::make_unique<Plan>(world.snapshot, std::move(*route), ask, Draw(++seed)));
        ASSERT_EQ(plans.back()->begin(world.now).kind, Step::Kind::start);
        ++under_way[plans.back()->deployment().id];
    }
    ASSERT_EQ(under_way.size(), 4u);
    for (const auto& [id, count] : under_way) EXPECT_LE(count, 32) << id;
    plans.clear();
    EXPECT_EQ(world.tables("g").memory->tokens, 0);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(world.lanes().load(lane("g", i)).tokens(), 0);
}

TEST_F(AffinityTest, who_falls_silent_is_passed_over) {
    make(4);
    const PrefixKeys keys = session(1);
    const std::string at = served(keys);
    LaneLoad& load = world.lanes().load(lane("g", place(at)));
    load.begin(1, true, world.now);
    world.pass(500ms);
    EXPECT_EQ(served(keys), at);
    world.pass(5s);
    EXPECT_NE(served(keys), at);
}

TEST_F(AffinityTest, a_failed_home_s_sessions_stay_where_they_went) {
    make(4);
    const PrefixKeys keys = session(1);
    const std::string at = served(keys);
    LaneTable& lanes = world.lanes();
    lanes.rest_until(lane("g", place(at))) = world.now.ns() + 60'000'000'000;
    lanes.resting() = 1;
    const std::string other = served(keys);
    EXPECT_NE(other, at);
    for (int turn = 0; turn < 5; ++turn) EXPECT_EQ(served(keys), other);
    lanes.rest_until(lane("g", place(at))) = 0;
    lanes.resting() = 0;
    world.pass(2s);
    EXPECT_EQ(served(keys), other) << "that is where it is warm now";
}

TEST_F(AffinityTest, explain_says_why) {
    make(4);
    std::string said;
    explain = &said;
    served(session(1));
    EXPECT_NE(said.find("(new, by its hash)"), said.npos) << said;
    said.clear();
    served(session(1));
    EXPECT_NE(said.find("(has its beginning)"), said.npos) << said;
}

}  // namespace
}  // namespace patchbay
