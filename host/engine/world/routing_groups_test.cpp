// Of `routing_groups`: what the snapshot makes of them.
#include "engine/access/model_access.hpp"
#include "engine/world/snapshot_fixture.hpp"

namespace patchbay {
namespace {

using test::SnapshotTest;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class RoutingGroupsTest : public SnapshotTest {
  protected:
    static std::string models() {
        return list({with_id(entry("a", "keyless/a"), "a1"), with_id(entry("a", "keyless/b"), "a2"),
                     with_id(entry("b", "keyless/c"), "b1"), entry("w/*", "keyless/*")});
    }
    static std::string groups(const std::string& entries, const std::string& more = "") {
        return models() + "router_settings:\n  routing_strategy: least-busy\n" + more +
               "  routing_groups: [" + entries + "]\n";
    }
    static Strategy strategy(const Snapshot& world, const std::string& name) {
        const auto route = resolve_model(world, name, "/p");
        EXPECT_TRUE(route) << name;
        const RoutingSettings& all = world.config.router.routing;
        return route ? route->group->tables->own.strategy_or(all).strategy : Strategy{};
    }
    static std::vector<std::string> ids(const ModelGroup& group) {
        std::vector<std::string> all;
        for (const Deployment* d : group.deployments) all.push_back(d->id);
        return all;
    }
};

TEST_F(RoutingGroupsTest, a_model_has_the_strategy_of_its_group_under_all_its_names) {
    const auto world =
        build(groups("{group_name: fast, models: [a, w/*], routing_strategy: p2c-ewma}",
                     "  model_group_alias: {nick: a}\n"));
    ASSERT_TRUE(world);
    EXPECT_THAT(texts(), IsEmpty());
    EXPECT_EQ(strategy(*world, "a"), Strategy::p2c_ewma);
    EXPECT_EQ(strategy(*world, "nick"), Strategy::p2c_ewma);
    EXPECT_EQ(strategy(*world, "w/x"), Strategy::p2c_ewma);
    EXPECT_EQ(strategy(*world, "b"), Strategy::least_busy);
}

TEST_F(RoutingGroupsTest, its_tables_are_made_for_its_strategy) {
    const auto world =
        build(groups("{group_name: warm, models: [a], routing_strategy: prefix-affinity}"));
    ASSERT_TRUE(world);
    EXPECT_NE(world->groups.at("a").tables->homes, nullptr);
    EXPECT_NE(world->groups.at("warm").tables->homes, nullptr);
    EXPECT_EQ(world->groups.at("b").tables->homes, nullptr);
}

TEST_F(RoutingGroupsTest, its_name_is_a_model_of_all_its_deployments) {
    const auto world =
        build(groups("{group_name: fast, models: [a, b, w/*], routing_strategy: p2c-ewma}"));
    ASSERT_TRUE(world);
    const ModelGroup& fast = world->groups.at("fast");
    EXPECT_THAT(ids(fast), ElementsAre("a1", "a2", "b1"));
    EXPECT_EQ(strategy(*world, "fast"), Strategy::p2c_ewma);
    EXPECT_EQ(fast.tables->levels.size(), 1u);
    EXPECT_THAT(world->listed, testing::Contains("fast"));
    EXPECT_EQ(access::model_name(fast), "fast");
    EXPECT_EQ(world->groups.at("a1").by_id, true) << "ids lead where they led";
    const auto memory = [&](const char* name) { return world->groups.at(name).tables->memory; };
    EXPECT_THAT(fast.tables->kin, testing::UnorderedElementsAre(memory("a"), memory("b")));
    EXPECT_THAT(world->groups.at("a").tables->kin, ElementsAre(memory("fast")));
    EXPECT_THAT(world->groups.at("a1").tables->kin, ElementsAre(memory("a")));
}

TEST_F(RoutingGroupsTest, by_priority_its_models_are_levels_for_its_own_name_alone) {
    const auto world =
        build(groups("{group_name: tiers, models: [a, b], routing_strategy: priority, "
                     "model_priorities: {a: 2, b: 1}}"));
    ASSERT_TRUE(world);
    const GroupTables& tiers = *world->groups.at("tiers").tables;
    ASSERT_EQ(tiers.levels.size(), 2u);
    EXPECT_TRUE(tiers.levels[0].test(2) && !tiers.levels[0].test(0));
    EXPECT_TRUE(tiers.levels[1].test(0) && tiers.levels[1].test(1));
    EXPECT_EQ(strategy(*world, "tiers"), Strategy::simple_shuffle);
    EXPECT_EQ(strategy(*world, "a"), Strategy::least_busy);
    EXPECT_EQ(world->groups.at("a").tables->levels.size(), 1u);
}

TEST_F(RoutingGroupsTest, a_name_that_a_model_or_an_alias_has_is_theirs) {
    const auto world = build(groups("{group_name: b, models: [a], routing_strategy: p2c-ewma}"));
    ASSERT_TRUE(world);
    EXPECT_THAT(texts(),
                ElementsAre(HasSubstr("warning: `router_settings.routing_groups`: 'b' is "
                                      "the name of a model or of an alias, too: its models "
                                      "have the strategy")));
    EXPECT_THAT(ids(world->groups.at("b")), ElementsAre("b1"));
    EXPECT_EQ(strategy(*world, "a"), Strategy::p2c_ewma);
    EXPECT_FALSE(
        build(groups("{group_name: nick, models: [a], routing_strategy: priority, "
                     "model_priorities: {a: 1}}",
                     "  model_group_alias: {nick: b}\n")));
    EXPECT_THAT(texts(), ElementsAre(HasSubstr("error: `router_settings.routing_groups`: 'nick'")));
}

TEST_F(RoutingGroupsTest, models_that_nobody_has_are_told_at_their_places) {
    const auto world =
        build(groups("{group_name: x, models: [gone, a, a1, nick], routing_strategy: p2c-ewma}, "
                     "{group_name: y, models: [lost], routing_strategy: p2c-ewma}, "
                     "{group_name: z, models: [w/*, b], routing_strategy: priority, "
                     "model_priorities: {w/*: 1, b: 2}}",
                     "  model_group_alias: {nick: b}\n"));
    ASSERT_TRUE(world);
    EXPECT_THAT(texts(),
                ElementsAre(HasSubstr("'x': 'gone' is not a model_name: ignored"),
                            HasSubstr("'x': 'a1' is not a model_name: ignored"),
                            HasSubstr("'x': 'nick' is not a model_name: ignored"),
                            HasSubstr("'y': 'lost' is not a model_name: ignored"),
                            HasSubstr("'z': 'w/*' is a pattern, and calls for 'z' do not say")));
    EXPECT_THAT(ids(world->groups.at("x")), ElementsAre("a1", "a2"));
    EXPECT_FALSE(world->groups.contains("y"));
    EXPECT_FALSE(resolve_model(*world, "y", "/p"));
}

TEST_F(SnapshotTest, who_says_that_its_model_sees_nothing_is_known) {
    const auto world = build(list({entry("a", "keyless/a"), entry("b", "keyless/b")}));
    ASSERT_TRUE(world);
    EXPECT_FALSE(world->text_only);
    const auto blind =
        build(list({entry("a", "keyless/a"),
                    entry("b", "keyless/b") + "    model_info: {supports_vision: false}\n"}));
    ASSERT_TRUE(blind);
    EXPECT_TRUE(blind->text_only);
    EXPECT_TRUE(blind->groups.at("b").tables->no_pictures.any());
    EXPECT_FALSE(blind->groups.at("a").tables->no_pictures.any());
}

TEST_F(RoutingGroupsTest, affinity_of_one_group_prepares_that_group) {
    const auto world = build(models() +
                             "router_settings:\n  model_group_affinity_config: {a: "
                             "[session_affinity], gone: [session_affinity]}\n");
    ASSERT_TRUE(world);
    EXPECT_THAT(texts(),
                ElementsAre(HasSubstr(
                    "`model_group_affinity_config`: 'gone' is not a model_name: ignored")));
    EXPECT_NE(world->groups.at("a").tables->homes, nullptr);
    EXPECT_EQ(world->groups.at("b").tables->homes, nullptr);
    const RoutingSettings& all = world->config.router.routing;
    EXPECT_TRUE(world->groups.at("a").tables->own.affinity_or(all).session);
    EXPECT_FALSE(world->groups.at("b").tables->own.affinity_or(all).session);
}

}  // namespace
}  // namespace patchbay
