#include "engine/world/named_groups.hpp"

#include "engine/world/snapshot_fixture.hpp"

namespace patchbay {
namespace {

using test::SnapshotTest;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(SnapshotTest, fallbacks_that_lead_nowhere_or_in_circles_are_told) {
    ASSERT_TRUE(
        build(list({entry("a", "keyless/a"), entry("b", "keyless/b"), entry("w/*", "keyless/*")},
                   "router_settings:\n"
                   "  fallbacks: [{a: [gone, w/x]}, {lost: [a]}, {b: [a, b]}]\n"
                   "  default_fallbacks: [a]\n")));
    EXPECT_THAT(texts(), ElementsAre(HasSubstr("`fallbacks` of 'a': 'gone' is not a model_name"),
                                     HasSubstr("`fallbacks`: the fallbacks of 'b' lead back to it"),
                                     HasSubstr("`fallbacks`: 'lost' is not a model_name")));
    ASSERT_TRUE(build(list({entry("a", "keyless/a"), entry("b", "keyless/b")},
                           "router_settings: {fallbacks: [{a: [b]}]}\n")));
    EXPECT_THAT(texts(), IsEmpty());
}

TEST_F(SnapshotTest, a_semantic_cache_without_its_embeddings_is_told) {
    const std::string cache =
        "litellm_settings:\n  cache: true\n  cache_params: {type: local-semantic, "
        "similarity_threshold: 0.9, semantic_cache_embedding_model: ";
    ASSERT_TRUE(build(list({entry("a", "keyless/a")}, cache + "gone}\n")));
    EXPECT_THAT(texts(), ElementsAre(HasSubstr("the semantic cache: 'gone' is not a model_name")));
    ASSERT_TRUE(build(list({entry("a", "keyless/a")}, cache + "a}\n")));
    EXPECT_THAT(texts(), IsEmpty());
}

TEST_F(SnapshotTest, a_silent_model_that_nobody_has_is_told) {
    const auto with = [](const std::string& silent) {
        return "model_list:\n  - model_name: a\n    litellm_params: {model: keyless/a, "
               "silent_model: " +
               silent + "}\n  - model_name: b\n    litellm_params: {model: keyless/b}\n";
    };
    ASSERT_TRUE(build(with("gone")));
    EXPECT_THAT(texts(),
                ElementsAre(HasSubstr("`silent_model` of 'a': 'gone' is not a model_name")));
    EXPECT_EQ(problems.at(0).place.line, 3);
    const auto built = build(with("b"));
    ASSERT_TRUE(built);
    EXPECT_THAT(texts(), IsEmpty());
    EXPECT_EQ(built->groups.at("a").deployments.at(0)->silent_model, "b");
}

TEST_F(SnapshotTest, a_circle_is_told_once) {
    ASSERT_TRUE(build(list({entry("a", "keyless/a"), entry("b", "keyless/b")},
                           "router_settings: {fallbacks: [{a: [b]}, {b: [a]}]}\n")));
    EXPECT_THAT(texts(), ElementsAre(HasSubstr("the fallbacks of 'a' lead back to it")));
    EXPECT_FALSE(problems.at(0).left_out) << "many files have them, and they end";
}

TEST_F(SnapshotTest, a_retry_policy_of_a_name_that_nobody_has_is_told) {
    ASSERT_TRUE(build(list({entry("a", "keyless/a"), entry("w/*", "keyless/*")},
                           "router_settings:\n  model_group_alias: {nick: w/x}\n"
                           "  fallbacks: [{nick: [a]}, {a: [nick]}]\n"
                           "  model_group_retry_policy: {a: {TimeoutErrorRetries: 1}, nick: "
                           "{TimeoutErrorRetries: 1}, w/y: {TimeoutErrorRetries: 1}, b: "
                           "{TimeoutErrorRetries: 1}}\n")));
    EXPECT_THAT(texts(), ElementsAre(HasSubstr("lead back to it"),
                                     HasSubstr("`model_group_retry_policy`: 'b' is not")));
}

TEST_F(SnapshotTest, settings_of_a_group_that_nobody_has_are_told) {
    ASSERT_TRUE(build(list({entry("a", "keyless/a"), entry("w/*", "keyless/*")},
                           "router_settings: {patchbay: {hedge: {share: 0.1}, groups: {a: {hedge: "
                           "false}, w/*: {hedge: true}, b: {hedge: true}}}}\n")));
    EXPECT_THAT(texts(), ElementsAre(HasSubstr("`patchbay.groups`: 'b' is not a model_name")));
}

TEST_F(SnapshotTest, what_is_known_of_a_deployment_outlives_a_reload) {
    const std::string yaml =
        list({entry("a", "keyless/a"), entry("a", "keyless/b"), entry("c", "keyless/c")});
    const auto before = build(yaml);
    ASSERT_TRUE(before);
    LoadedConfig loaded =
        config_test::load(list({entry("a", "keyless/a"), entry("c", "keyless/d")}));
    const auto after = build_snapshot(std::move(*loaded.config), loaded.environment, plugins_, 8,
                                      problems, before.get());
    ASSERT_TRUE(after);
    const auto lane = [](const Snapshot& snapshot, const char* group) {
        return snapshot.groups.at(group).tables->lanes.at(0);
    };
    EXPECT_EQ(before->lanes, after->lanes);
    EXPECT_EQ(lane(*before, "a"), lane(*after, "a"));
    EXPECT_NE(lane(*before, "c"), lane(*after, "c")) << "another deployment";
    EXPECT_EQ(before->groups.at("a").tables->memory, after->groups.at("a").tables->memory);
}

}  // namespace
}  // namespace patchbay
