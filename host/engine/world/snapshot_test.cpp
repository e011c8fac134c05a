#include "engine/world/snapshot.hpp"

#include "engine/plugins/plugin_update.hpp"
#include "engine/world/snapshot_fixture.hpp"

namespace patchbay {
namespace {

using test::SnapshotTest;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST_F(SnapshotTest, entries_of_one_name_are_one_group) {
    const auto snapshot =
        build(list({entry("chat", "openai/a", {"api_key: k1"}), entry("chat", "keyless/b"),
                    entry("other", "openai/c", {"api_key: k"})}));
    ASSERT_TRUE(snapshot);
    EXPECT_THAT(texts(), IsEmpty());
    EXPECT_EQ(snapshot->generation, 7u);
    EXPECT_THAT(snapshot->listed, ElementsAre("chat", "other"));
    const ModelGroup& chat = snapshot->groups.at("chat");
    ASSERT_EQ(chat.deployments.size(), 2u);
    EXPECT_EQ(chat.deployments[0]->model, "a");
    EXPECT_EQ(chat.deployments[0]->provider, "openai");
    EXPECT_EQ(chat.deployments[0]->configured, "openai/a");
    EXPECT_EQ(chat.deployments[1]->model, "b");
    EXPECT_EQ(chat.deployments[1]->base_url, "http://127.0.0.1:9/v1");
    EXPECT_FALSE(chat.deployments[1]->simulated);
}

TEST_F(SnapshotTest, deployments_of_a_provider_share_its_instance) {
    const auto snapshot = build(list({entry("a", "keyless/a"), entry("b", "keyless/b")}));
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(only(*snapshot, "a").instance.instance, only(*snapshot, "b").instance.instance);
    EXPECT_EQ(only(*snapshot, "a").instance.shared, only(*snapshot, "b").instance.shared);
}

TEST_F(SnapshotTest, shared_values_outlive_the_snapshot) {
    const auto config = [] { return config_test::load(list({entry("a", "keyless/a")})); };
    const auto make = [&](const Snapshot* previous) {
        LoadedConfig loaded = config();
        return build_snapshot(std::move(*loaded.config), loaded.environment, plugins_, 1, problems,
                              previous);
    };
    const auto first = make(nullptr);
    const auto next = make(first.get());
    const auto alone = make(nullptr);
    EXPECT_EQ(only(*next, "a").instance.shared, only(*first, "a").instance.shared);
    EXPECT_NE(only(*alone, "a").instance.shared, only(*first, "a").instance.shared);
    EXPECT_NE(only(*next, "a").instance.instance, only(*first, "a").instance.instance);
}

TEST_F(SnapshotTest, a_call_goes_wholly_to_one_version_while_another_is_on_trial) {
    test::TemporaryDirectory folder;
    PluginSetOptions options;
    options.directories = {folder.path()};
    options.cache_directory = folder.path() / "copies";
    options.settings.plugins["org.example.versioned"].canary = 0.25;
    folder.add_fixture("versioned.so", "p.so");
    auto set = PluginUpdate::look(options, nullptr).assemble(options, problems);
    std::filesystem::remove(folder.path() / "p.so");
    folder.add_fixture("versioned_2.so", "p.so");
    set = PluginUpdate::look(options, set.get()).assemble(options, problems);
    ASSERT_TRUE(set->entries().at(0).canary);
    LoadedConfig loaded = config_test::load(list({entry("a", "versioned/m")}));
    const auto snapshot =
        build_snapshot(std::move(*loaded.config), loaded.environment, set, 1, problems);
    ASSERT_TRUE(snapshot);
    const Deployment& old = only(*snapshot, "a");
    ASSERT_TRUE(old.canary);
    EXPECT_EQ(old.canary->id, old.id);
    EXPECT_NE(old.canary->instance.instance, old.instance.instance);
    EXPECT_EQ(old.canary->instance.shared, old.instance.shared);
    const auto links_of = [](const PluginVersion& version) {
        return &version.plugin->manifest().components.at(0).provider.links;
    };
    EXPECT_EQ(old.links, links_of(set->entries().at(0).serving));
    EXPECT_EQ(old.canary->links, links_of(*set->entries().at(0).canary));
    EXPECT_EQ(&old.version_for(0.2), old.canary.get());
    EXPECT_EQ(&old.version_for(0.25), &old);
    for (int i = 0; i < 100; ++i) {
        old.trial->count_old(false);
        old.trial->count_new(true);
    }
    EXPECT_EQ(&old.version_for(0.2), &old) << "the trial is over";
}

TEST_F(SnapshotTest, a_deployment_is_reached_by_its_id) {
    const auto snapshot =
        build(list({with_id(entry("chat", "keyless/a"), "first"),
                    with_id(entry("chat", "keyless/b"), "2"), entry("chat", "keyless/c")}));
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(only(*snapshot, "first").model, "a");
    EXPECT_EQ(only(*snapshot, "2").model, "b");
    const Deployment& hashed = *snapshot->groups.at("chat").deployments.at(2);
    EXPECT_EQ(hashed.id.size(), 64u);
    EXPECT_EQ(&only(*snapshot, hashed.id), &hashed);
    EXPECT_EQ(snapshot->groups.at("first").name, "chat");
    EXPECT_THAT(snapshot->listed, ElementsAre("chat"));
}

TEST_F(SnapshotTest, ids_are_the_same_in_the_next_generation_and_differ_between_entries) {
    const std::string yaml = list({entry("chat", "keyless/a"), entry("chat", "keyless/b"),
                                   entry("chat", "keyless/a", {"temperature: 0.5"}),
                                   entry("chat", "keyless/a", {"api_key: k"})});
    const auto first = build(yaml);
    const auto second = build(yaml);
    ASSERT_TRUE(first && second);
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < 4; ++i) {
        const std::string& id = first->deployments.at(i)->id;
        EXPECT_EQ(second->deployments.at(i)->id, id);
        EXPECT_THAT(ids, Not(Contains(id)));
        ids.push_back(id);
    }
}

TEST_F(SnapshotTest, a_group_goes_before_a_deployment_whose_id_is_its_name) {
    for (const bool id_first : {true, false}) {
        const std::string a = with_id(entry("a", "keyless/a"), "b");
        const std::string b = entry("b", "keyless/b");
        const auto snapshot = id_first ? build(list({a, b})) : build(list({b, a}));
        ASSERT_TRUE(snapshot);
        EXPECT_EQ(only(*snapshot, "b").model, "b");
        EXPECT_FALSE(snapshot->groups.at("b").hidden);
    }
}

TEST_F(SnapshotTest, aliases_name_groups) {
    const auto snapshot =
        build(list({entry("chat", "keyless/a")},
                   "router_settings:\n  model_group_alias:\n    shown: chat\n"
                   "    secret: {model: chat, hidden: true}\n    lost: nothing\n"));
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(only(*snapshot, "shown").model, "a");
    EXPECT_EQ(only(*snapshot, "secret").model, "a");
    EXPECT_TRUE(snapshot->groups.at("secret").hidden);
    EXPECT_THAT(snapshot->listed, ElementsAre("chat", "shown"));
    EXPECT_THAT(texts(), ElementsAre(HasSubstr("model_group_alias 'lost' names 'nothing'")));
    EXPECT_FALSE(resolve_model(*snapshot, "lost", "/chat/completions"));
}

TEST_F(SnapshotTest, a_model_has_one_capacity_under_all_its_names) {
    const auto snapshot =
        build(list({with_id(entry("chat", "keyless/a", {"rpm: 6"}), "one"),
                    with_id(entry("chat", "keyless/b", {"rpm: 4"}), "two"),
                    entry("a/*", "keyless/x-*", {"tpm: 100"}), entry("free", "keyless/c")},
                   "router_settings: {model_group_alias: {shown: chat, part: a/b}}\n"
                   "litellm_settings: {callbacks: [dynamic_rate_limiter_v3]}\n"));
    ASSERT_TRUE(snapshot);
    EXPECT_THAT(texts(), IsEmpty());
    const auto of = [&](std::string_view model) {
        const auto route = resolve_model(*snapshot, model, "/chat/completions");
        return route ? route->group->capacity : nullptr;
    };
    ASSERT_TRUE(of("chat"));
    EXPECT_EQ(of("chat")->whole->rpm, 10);
    for (const char* name : {"shown", "one", "two"}) EXPECT_EQ(of(name), of("chat")) << name;
    ASSERT_TRUE(of("a/b"));
    EXPECT_EQ(of("a/b")->whole->tpm, 100);
    EXPECT_EQ(of("a/c"), of("a/b")) << "all models of a pattern together";
    EXPECT_EQ(of("part"), of("a/b"));
    EXPECT_EQ(of("free"), nullptr);

    const auto without = build(list({entry("chat", "keyless/a", {"rpm: 6"})}));
    EXPECT_EQ(without->groups.at("chat").capacity, nullptr);
}

TEST_F(SnapshotTest, an_alias_may_name_a_model_of_a_pattern) {
    const auto snapshot = build(list({entry("a/*", "keyless/x-*"), entry("a/own", "keyless/z")},
                                     "router_settings:\n  model_group_alias: {shown: a/b, secret: "
                                     "{model: a/c, hidden: true}, own: a/own}\n"));
    ASSERT_TRUE(snapshot);
    EXPECT_THAT(texts(), IsEmpty());
    EXPECT_THAT(snapshot->listed, ElementsAre("a/*", "a/own", "own", "shown"));
    const auto asked = [&](std::string_view model) {
        const auto route = resolve_model(*snapshot, model, "/chat/completions");
        return route ? route->model_for(*route->group->deployments.at(0)) : route.error().message;
    };
    EXPECT_EQ(asked("shown"), "x-b");
    EXPECT_EQ(asked("secret"), "x-c");
    EXPECT_EQ(asked("own"), "z");
    EXPECT_EQ(asked("a/d"), "x-d");
}

TEST_F(SnapshotTest, the_most_specific_wildcard_wins_and_its_star_is_filled_in) {
    const auto snapshot = build(list({entry("*", "keyless/*"), entry("a/*", "keyless/x-*"),
                                      entry("a/b*", "keyless/y"), entry("a/exact", "keyless/z")}));
    ASSERT_TRUE(snapshot);
    const auto asked = [&](std::string_view model) {
        const auto route = resolve_model(*snapshot, model, "/chat/completions");
        return route ? route->model_for(*route->group->deployments.at(0)) : "none";
    };
    EXPECT_EQ(asked("a/exact"), "z");
    EXPECT_EQ(asked("a/boat"), "y");
    EXPECT_EQ(asked("a/car"), "x-car");
    EXPECT_EQ(asked("anything"), "anything");
    EXPECT_THAT(snapshot->listed, ElementsAre("*", "a/*", "a/b*", "a/exact"));
}

TEST_F(SnapshotTest, a_name_without_a_provider_is_one_of_its_providers_pattern) {
    const auto snapshot =
        build(list({entry("openai/*", "keyless/*"), entry("openai/gpt-5*", "keyless/five"),
                    entry("anthropic/*", "keyless/c-*"), entry("gpt-4.1", "keyless/own")}));
    ASSERT_TRUE(snapshot);
    const auto asked = [&](std::string_view model) {
        const auto route = resolve_model(*snapshot, model, "/chat/completions");
        return route ? route->model_for(*route->group->deployments.at(0)) : "none";
    };
    EXPECT_EQ(asked("gpt-4o"), "gpt-4o");
    EXPECT_EQ(asked("openai/gpt-4o"), "gpt-4o");
    EXPECT_EQ(asked("gpt-5-mini"), "five");
    EXPECT_EQ(asked("claude-sonnet-4-5"), "c-claude-sonnet-4-5");
    EXPECT_EQ(asked("gpt-4.1"), "own");
    EXPECT_EQ(asked("gemini-2.5-pro"), "none");
    EXPECT_EQ(asked("nobodys"), "none");
    EXPECT_EQ(asked("mistral/gpt-4o"), "none");
}

TEST_F(SnapshotTest, a_star_stands_for_every_provider_that_can_be_reached) {
    const auto snapshot = build(list({entry("*", "*")}), {{"FIRST_KEY", "k"}});
    ASSERT_TRUE(snapshot);
    EXPECT_THAT(texts(), IsEmpty());
    EXPECT_THAT(snapshot->listed, ElementsAre("*"));
    const auto provider = [&](std::string_view model) -> std::string {
        const auto route = resolve_model(*snapshot, model, "/chat/completions");
        if (!route) return "none";
        const Deployment& d = *route->group->deployments.at(0);
        return d.provider + ":" + route->model_for(d);
    };
    EXPECT_EQ(provider("openai/gpt-x"), "openai:gpt-x");
    EXPECT_EQ(provider("anthropic/a/b"), "anthropic:a/b");
    EXPECT_EQ(provider("demo/d"), "demo:d");
    EXPECT_EQ(provider("gpt-4o"), "openai:gpt-4o");
    EXPECT_EQ(provider("claude-x"), "anthropic:claude-x");
    EXPECT_EQ(provider("homeless/x"), "none");
    EXPECT_EQ(provider("unknown/x"), "none");

    const auto housed =
        build(list({entry("*", "*")}), {{"HOMELESS_BASE", "https://h.example.org"}});
    ASSERT_TRUE(housed);
    EXPECT_EQ(only(*housed, "homeless/x").base_url, "https://h.example.org");
}

TEST_F(SnapshotTest, one_group_may_answer_every_name_that_no_other_does) {
    LoadedConfig loaded = config_test::load(
        list({entry("one", "keyless/a"), entry("two", "keyless/b"), entry("x/*", "keyless/c")}));
    loaded.config->any_name = "two";
    const auto snapshot =
        build_snapshot(std::move(*loaded.config), loaded.environment, plugins_, 1, problems);
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(only(*snapshot, "one").model, "a");
    EXPECT_EQ(only(*snapshot, "x/y").model, "c");
    EXPECT_EQ(only(*snapshot, "whatever").model, "b");
    EXPECT_THAT(snapshot->listed, ElementsAre("one", "two", "x/*"));
}

TEST_F(SnapshotTest, an_unknown_model_is_refused_in_litellms_words) {
    const auto snapshot = build(list({entry("a", "keyless/a")}));
    ASSERT_TRUE(snapshot);
    const auto route = resolve_model(*snapshot, "b", "/chat/completions");
    ASSERT_FALSE(route);
    EXPECT_EQ(route.error().status(), 400);
    EXPECT_EQ(route.error().param, "model");
    EXPECT_THAT(route.error().message,
                HasSubstr("/chat/completions: Invalid model name passed in model=b."));
}

}  // namespace
}  // namespace patchbay
