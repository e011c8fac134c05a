// Deployments that cannot be served: which are left out, and which make the file an error.
#include "engine/world/snapshot_fixture.hpp"

namespace patchbay {
namespace {

using test::SnapshotTest;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(SnapshotTest, a_provider_that_is_nearly_known_is_an_error_at_the_models_line) {
    EXPECT_FALSE(build(list({entry("b", "opena/x"), entry("c", "keyless/c")})));
    EXPECT_THAT(texts(),
                ElementsAre(HasSubstr("c.yaml:4:14: error: model 'opena/x': no loaded plugin "
                                      "provides 'opena', and LiteLLM does not know it; did you "
                                      "mean 'openai'?")));
    EXPECT_FALSE(build(list({entry("a", "x", {"custom_llm_provider: antropic"})})));
    EXPECT_THAT(texts(), ElementsAre(AllOf(HasSubstr("c.yaml:5:28: error"),
                                           HasSubstr("did you mean 'anthropic'?"))));
}

// Its plugin may not be there yet, or was refused.
TEST_F(SnapshotTest, a_provider_that_nobody_knows_leaves_its_deployments_out) {
    const auto snapshot = build(list({entry("a", "nobody-knows/x"), entry("c", "keyless/c")}));
    ASSERT_TRUE(snapshot);
    EXPECT_THAT(texts(),
                ElementsAre(AllOf(HasSubstr("c.yaml:4:14: error: model 'nobody-knows/x': no "
                                            "loaded plugin provides 'nobody-knows'"),
                                  HasSubstr("left out until a plugin does"))));
    EXPECT_TRUE(problems.front().left_out);
    EXPECT_THAT(snapshot->listed, ElementsAre("c"));
    const auto route = resolve_model(*snapshot, "a", "/chat/completions");
    ASSERT_FALSE(route);
    EXPECT_EQ(route.error().status(), 503);
    EXPECT_THAT(route.error().message, HasSubstr("no loaded plugin provides 'nobody-knows'"));
    EXPECT_FALSE(build(list({entry("a", "nobody-knows/x")})));  // nothing is left
}

TEST_F(SnapshotTest, a_provider_that_is_not_done_yet_leaves_its_deployments_out) {
    const auto snapshot = build(list({
        entry("served", "keyless/x"),
        entry("az", "azure/gpt-4o"),
        entry("br", "x", {"custom_llm_provider: bedrock"}),
        entry("every/*", "ollama/*"),
    }));
    ASSERT_TRUE(snapshot);
    const std::string rest =
        " is known to LiteLLM, but no loaded plugin provides it: this deployment "
        "is left out";
    EXPECT_THAT(texts(), ElementsAre("c.yaml:7:14: warning: provider 'azure'" + rest,
                                     "c.yaml:11:28: warning: provider 'bedrock'" + rest,
                                     "c.yaml:14:14: warning: provider 'ollama'" + rest));
    for (const Problem& problem : problems) EXPECT_TRUE(problem.left_out);
    EXPECT_THAT(snapshot->listed, ElementsAre("served"));
    for (const char* name : {"az", "br", "every/thing"}) {
        const auto route = resolve_model(*snapshot, name, "/chat/completions");
        ASSERT_FALSE(route) << name;
        EXPECT_EQ(route.error().status(), 503);
        EXPECT_THAT(route.error().message,
                    AllOf(HasSubstr(name),
                          HasSubstr("is configured but not served: no loaded plugin provides '")));
    }
}

TEST_F(SnapshotTest, a_provider_that_runs_must_not_go_missing_with_the_next_plugins) {
    const std::string yaml = list({entry("a", "openai/x", {"api_key: k"}), entry("b", "demo/x")});
    const auto running = build(yaml);
    ASSERT_TRUE(running);
    const test::TemporaryDirectory fewer;
    fewer.add_fixture("demo.so");
    PluginSetOptions options;
    options.directories = {fewer.path()};
    options.cache_directory = fewer.path() / "copies";
    const std::shared_ptr<PluginSet> plugins = PluginSet::load(options, problems);
    const auto next = [&](const Snapshot* previous) {
        problems.clear();
        LoadedConfig loaded = config_test::load(yaml);
        return build_snapshot(std::move(*loaded.config), loaded.environment, plugins, 8, problems,
                              previous);
    };
    EXPECT_FALSE(next(running.get()));
    EXPECT_THAT(texts(), ElementsAre(HasSubstr("no loaded plugin provides 'openai' any more")));
    EXPECT_TRUE(next(nullptr));
}

TEST_F(SnapshotTest, a_bare_name_that_no_list_has_is_left_out_and_told_how_to_write_it) {
    const auto snapshot =
        build(list({entry("chat", "gpt-4o", {"api_key: k"}), entry("house", "house-model-7b")}));
    ASSERT_TRUE(snapshot);
    EXPECT_THAT(texts(),
                ElementsAre(AllOf(HasSubstr("c.yaml:8:14: warning: model 'house-model-7b'"),
                                  HasSubstr("write 'openai/house-model-7b'"))));
    EXPECT_THAT(snapshot->listed, ElementsAre("chat"));
    EXPECT_THAT(resolve_model(*snapshot, "house", "/p").error().message,
                HasSubstr("it is not known which provider has its model"));
}

TEST_F(SnapshotTest, a_models_maker_is_no_provider) {
    const auto snapshot =
        build(list({entry("m", "mistralai/Mistral-7B"), entry("c", "keyless/c")}));
    ASSERT_TRUE(snapshot);
    EXPECT_THAT(texts(), ElementsAre(HasSubstr("write 'openai/mistralai/Mistral-7B'")));
    EXPECT_THAT(snapshot->listed, ElementsAre("c"));
}

TEST_F(SnapshotTest, a_name_that_is_left_out_is_not_answered_by_a_wildcard) {
    const auto snapshot =
        build(list({entry("*", "keyless/*"), entry("az", "azure/x"), entry("gem/*", "gemini/*")}));
    ASSERT_TRUE(snapshot);
    EXPECT_FALSE(resolve_model(*snapshot, "az", "/p"));
    EXPECT_FALSE(resolve_model(*snapshot, "gem/x", "/p"));
    EXPECT_TRUE(resolve_model(*snapshot, "other", "/p"));
}

TEST_F(SnapshotTest, a_group_serves_with_what_is_left_of_it) {
    for (const bool first : {true, false}) {
        const std::string out = entry("chat", "azure/x");
        const std::string in = entry("chat", "keyless/x");
        const auto snapshot = first ? build(list({out, in})) : build(list({in, out}));
        ASSERT_TRUE(snapshot);
        EXPECT_EQ(only(*snapshot, "chat").provider, "keyless");
        EXPECT_THAT(snapshot->listed, ElementsAre("chat"));
    }
}

TEST_F(SnapshotTest, an_alias_of_what_is_left_out_is_left_out_with_it) {
    const auto snapshot = build(list({entry("a", "keyless/x"), entry("b", "azure/x")},
                                     "router_settings: {model_group_alias: {nick: b}}\n"));
    ASSERT_TRUE(snapshot);
    EXPECT_THAT(snapshot->listed, ElementsAre("a"));
    EXPECT_EQ(resolve_model(*snapshot, "nick", "/p").error().status(), 503);
}

TEST_F(SnapshotTest, a_file_of_which_nothing_is_left_is_an_error) {
    EXPECT_FALSE(build(list({entry("a", "azure/x"), entry("b", "gemini/x")})));
    EXPECT_THAT(texts(), Contains("c.yaml: error: no deployment of `model_list` can be served: "
                                  "each is left out"));
}

TEST_F(SnapshotTest, a_file_of_which_nothing_is_left_in_this_environment_is_good) {
    LoadedConfig loaded = config_test::load(
        list({entry("a", "keyless/x", {"api_key: os.environ/K"}), entry("b", "azure/x")}));
    const auto snapshot =
        build_snapshot(std::move(*loaded.config), loaded.environment, plugins_, 1, problems);
    ASSERT_TRUE(snapshot);
    ASSERT_EQ(problems.size(), 2u);
    EXPECT_EQ(problems.back().text(),
              "c.yaml: warning: no deployment of `model_list` can be served: each is left out");
    EXPECT_TRUE(problems.back().left_out);
    EXPECT_EQ(resolve_model(*snapshot, "a", "/p").error().status(), 503);
}

}  // namespace
}  // namespace patchbay
