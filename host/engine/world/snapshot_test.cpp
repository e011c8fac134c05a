#include "engine/world/snapshot.hpp"

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/test_support.hpp"
#include "engine/plugins/plugin_update.hpp"
#include "engine/plugins/test_support.hpp"
#include "engine/router/candidates.hpp"
#include "engine/router/router.hpp"
#include "engine/world/provider_name.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using config_test::Variables;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::string_view kRows = R"({
    "homeless": {"api_base_env": ["HOMELESS_BASE"]},
    "keyless": {"base_url": "http://127.0.0.1:9/v1", "api_key_env": ["KEYLESS_KEY"], "key_optional": true}
})";

class SnapshotTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        directory_ = new test::TemporaryDirectory;
        directory_->add_fixture("many.so");
        directory_->add_fixture("demo.so");
        directory_->write("many_rows.json", std::string(kRows));
        PluginSetOptions options;
        options.directories = {directory_->path()};
        options.cache_directory = directory_->path() / "copies";
        std::vector<Problem> found;
        plugins_ = PluginSet::load(options, found);
        for (const Problem& problem : found) ADD_FAILURE() << problem.text();
    }
    static void TearDownTestSuite() {
        plugins_.reset();
        delete directory_;
    }

    std::shared_ptr<const Snapshot> build(const std::string& yaml, Variables variables = {}) {
        problems.clear();
        LoadedConfig loaded = config_test::load(yaml, std::move(variables));
        for (const Problem& problem : loaded.problems) ADD_FAILURE() << problem.text();
        if (!loaded.config) return nullptr;
        return build_snapshot(std::move(*loaded.config), loaded.environment, plugins_, 7, problems);
    }
    std::vector<std::string> texts() const { return config_test::texts(problems); }

    /// A model_list entry: "name" with more lines of litellm_params.
    static std::string entry(const std::string& name, const std::string& model,
                             const std::vector<std::string>& more = {}) {
        std::string text = "  - model_name: \"" + name +
                           "\"\n    litellm_params:\n      model: \"" + model + "\"\n";
        for (const std::string& line : more) text += "      " + line + "\n";
        return text;
    }
    static std::string with_id(std::string text, const std::string& id) {
        return text + "    model_info:\n      id: " + id + "\n";
    }
    static std::string list(const std::vector<std::string>& entries, const std::string& rest = {}) {
        std::string text = "model_list:\n";
        for (const std::string& e : entries) text += e;
        return text + rest;
    }
    static const Deployment& only(const Snapshot& snapshot, std::string_view model) {
        const auto route = resolve_model(snapshot, model, "/chat/completions");
        if (!route) throw std::out_of_range(std::string(model));
        EXPECT_EQ(route->group->deployments.size(), 1u) << model;
        return *route->group->deployments.at(0);
    }

    std::vector<Problem> problems;
    static inline test::TemporaryDirectory* directory_ = nullptr;
    static inline std::shared_ptr<PluginSet> plugins_;
};

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

TEST_F(SnapshotTest, the_most_specific_wildcard_wins_and_its_star_is_filled_in) {
    const auto snapshot = build(list({entry("*", "keyless/*"), entry("a/*", "keyless/x-*"),
                                      entry("a/b*", "keyless/y"), entry("a/exact", "keyless/z")}));
    ASSERT_TRUE(snapshot);
    const auto asked = [&](std::string_view model) {
        const auto route = resolve_model(*snapshot, model, "/chat/completions");
        return route ? route->model_for(*route->group->deployments.at(0), model) : "none";
    };
    EXPECT_EQ(asked("a/exact"), "z");
    EXPECT_EQ(asked("a/boat"), "y");
    EXPECT_EQ(asked("a/car"), "x-car");
    EXPECT_EQ(asked("anything"), "anything");
    EXPECT_THAT(snapshot->listed, ElementsAre("*", "a/*", "a/b*", "a/exact"));
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
        return d.provider + ":" + route->model_for(d, model);
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

TEST_F(SnapshotTest, a_provider_that_nobody_knows_is_an_error_at_the_models_line) {
    EXPECT_FALSE(build(
        list({entry("a", "nobody-knows/x"), entry("b", "opena/x"), entry("c", "keyless/c")})));
    EXPECT_THAT(
        texts(),
        ElementsAre(HasSubstr("c.yaml:4:14: error: model 'nobody-knows/x': no loaded plugin"),
                    HasSubstr("c.yaml:7:14: error: model 'opena/x': no loaded plugin "
                              "provides 'opena', and LiteLLM does not know it; did you "
                              "mean 'openai'?")));
    EXPECT_FALSE(build(list({entry("a", "x", {"custom_llm_provider: antropic"})})));
    EXPECT_THAT(texts(), ElementsAre(AllOf(HasSubstr("c.yaml:5:28: error"),
                                           HasSubstr("did you mean 'anthropic'?"))));
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
        " is known to LiteLLM but not done by Patchbay yet: this deployment "
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
                    AllOf(HasSubstr(name), HasSubstr("is configured but not served: its provider"),
                          HasSubstr("not supported yet")));
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

TEST_F(SnapshotTest, an_explicit_provider_wins_over_the_models_prefix) {
    const auto snapshot = build(list({entry("a", "openai/x", {"custom_llm_provider: keyless"}),
                                      entry("b", "keyless/x", {"custom_llm_provider: keyless"})}));
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(only(*snapshot, "a").provider, "keyless");
    EXPECT_EQ(only(*snapshot, "a").model, "openai/x");
    EXPECT_EQ(only(*snapshot, "b").model, "x");
}

TEST_F(SnapshotTest, a_missing_key_is_a_warning_unless_the_provider_needs_none) {
    const auto snapshot =
        build(list({entry("a", "openai/a"), entry("b", "keyless/b"), entry("c", "demo/c")}));
    ASSERT_TRUE(snapshot);
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_EQ(problems[0].severity, Problem::Severity::warning);
    EXPECT_THAT(
        problems[0].message,
        HasSubstr(
            "'openai/a' has no API key: set api_key or the variable FIRST_KEY or SECOND_KEY"));
}

TEST_F(SnapshotTest, a_provider_without_an_address_needs_one) {
    const auto snapshot =
        build(list({entry("a", "homeless/a", {"api_key: k"}), entry("b", "keyless/b")}));
    ASSERT_TRUE(snapshot);
    EXPECT_THAT(texts(),
                ElementsAre(AllOf(HasSubstr("c.yaml:4:14: warning"),
                                  HasSubstr("set api_base or the variable HOMELESS_BASE"))));
    EXPECT_THAT(resolve_model(*snapshot, "a", "/p").error().message,
                HasSubstr("it has no address"));
    EXPECT_FALSE(build(list({entry("a", "homeless/a", {"api_base: ftp://x/"})})));
    EXPECT_THAT(texts(), ElementsAre(HasSubstr("api_base is not an http or https URL")));
    EXPECT_FALSE(build(list({entry("a", "homeless/a")}), {{"HOMELESS_BASE", "nonsense"}}));
    EXPECT_THAT(texts(), Contains(HasSubstr("HOMELESS_BASE is not an http or https URL")));
    EXPECT_FALSE(build(list({entry("a", "homeless/a", {"api_base: \"http://x/v1#eu\""})})));
    EXPECT_THAT(texts(), ElementsAre(AllOf(HasSubstr("c.yaml:"), HasSubstr("has a fragment"))));
    EXPECT_FALSE(build(list({entry("a", "openai/a")}), {{"FIRST_KEY", "a\nb"}}));
    EXPECT_THAT(texts(),
                ElementsAre(AllOf(HasSubstr("FIRST_KEY"), HasSubstr("no HTTP header can carry"))));
}

TEST_F(SnapshotTest, what_is_configured_goes_before_the_environment_and_that_before_the_default) {
    const Variables both{{"FIRST_KEY", "k1"},
                         {"SECOND_KEY", "k2"},
                         {"FIRST_BASE", ""},
                         {"SECOND_BASE", "http://two"}};
    auto snapshot =
        build(list({entry("a", "openai/a", {"api_key: own", "api_base: http://own"})}), both);
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(only(*snapshot, "a").api_key.reveal(), "own");
    EXPECT_EQ(only(*snapshot, "a").base_url, "http://own");
    snapshot = build(list({entry("a", "openai/a")}), both);
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(only(*snapshot, "a").api_key.reveal(), "k1");
    EXPECT_EQ(only(*snapshot, "a").base_url, "http://two") << "an empty variable is not set";
    snapshot = build(list({entry("a", "openai/a")}), {{"SECOND_KEY", "k2"}});
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(only(*snapshot, "a").api_key.reveal(), "k2");
    EXPECT_EQ(only(*snapshot, "a").base_url, "https://api.example.org/v1");
    EXPECT_THAT(texts(), IsEmpty());
}

TEST_F(SnapshotTest, the_shown_address_holds_no_query) {
    const auto snapshot =
        build(list({entry("a", "keyless/a", {"api_base: \"http://h.example/v1?key=s\""})}));
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(only(*snapshot, "a").api_base_shown, "http://h.example/v1");
}

TEST_F(SnapshotTest, a_mock_response_is_given_by_the_simulated_provider) {
    const auto snapshot = build(list({entry("a", "openai/a", {"mock_response: hello"})}));
    ASSERT_TRUE(snapshot);
    EXPECT_THAT(texts(), IsEmpty());
    const Deployment& d = only(*snapshot, "a");
    EXPECT_EQ(d.provider, "demo");
    EXPECT_TRUE(d.simulated);
    EXPECT_THAT(d.params, HasSubstr("hello"));
}

TEST(ModelInfoOfParams, is_one_member_more) {
    ModelInfo info;
    EXPECT_EQ(with_model_info("", info), "");
    EXPECT_EQ(with_model_info("{\"a\":1}", info), "{\"a\":1}");
    info.max_output_tokens = 7;
    EXPECT_EQ(with_model_info("", info), R"({"model_info":{"max_output_tokens":7}})");
    EXPECT_EQ(with_model_info("{}", info), R"({"model_info":{"max_output_tokens":7}})");
    EXPECT_EQ(with_model_info("{\"a\":1}", info),
              R"({"model_info":{"max_output_tokens":7},"a":1})");
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

TEST_F(SnapshotTest, what_no_route_calls_is_told_where_its_mode_is_known_from) {
    const std::string mode = entry("v", "keyless/own") + "    model_info: {mode: ocr}\n";
    const auto snapshot =
        build(list({entry("chat", "openai/gpt-4o", {"api_key: k"}), mode,
                    entry("ears", "openai/whisper-1", {"api_key: k"}),
                    entry("vectors", "openai/text-embedding-3-small", {"api_key: k"}),
                    entry("live", "openai/gpt-realtime", {"api_key: k"})}));
    ASSERT_TRUE(snapshot);
    EXPECT_THAT(
        texts(),
        ElementsAre("c.yaml:9:24: warning: model 'keyless/own': no route for OCR yet: only "
                    "chat, realtime, text completions, embeddings, images, speech, moderations and "
                    "reranking can be called",
                    "c.yaml:12:14: warning: model 'openai/whisper-1': no route for transcriptions "
                    "yet: only chat, realtime, text completions, embeddings, images, speech, "
                    "moderations and reranking can be called"));
    const auto refused = [&](std::string_view model, const Operation& operation) -> std::string {
        const auto route = resolve_model(*snapshot, model, "/p");
        const auto error = wrong_use(*route, operation, nullptr, model, "/p");
        if (!error) return "no";
        EXPECT_EQ(error->status(), 400);
        return error->message;
    };
    EXPECT_EQ(refused("chat", kChatCompletions), "no");
    EXPECT_EQ(refused("chat", kRealtime), "no");
    EXPECT_EQ(refused("live", kRealtime), "no");
    EXPECT_EQ(refused("v", kChatCompletions),
              "/p: Model v is for OCR, not for chat; the gateway has no route for OCR yet.");
    EXPECT_EQ(refused("vectors", kChatCompletions),
              "/p: Model vectors is for embeddings, not for chat.");
    EXPECT_EQ(refused("vectors", kEmbeddings), "no");
    EXPECT_EQ(refused("live", kChatCompletions), "/p: Model live is for realtime, not for chat.");
    EXPECT_THAT(refused("ears", kRealtime), HasSubstr("not for realtime"));
}

TEST_F(SnapshotTest, a_wildcards_model_is_judged_when_it_is_asked_for) {
    const auto snapshot = build(list({entry("house/*", "openai/*", {"api_key: k"})}));
    ASSERT_TRUE(snapshot);
    EXPECT_THAT(texts(), IsEmpty());
    const auto refused = [&](std::string_view model) {
        const auto route = resolve_model(*snapshot, model, "/p");
        return wrong_use(*route, kChatCompletions, nullptr, model, "/p").has_value();
    };
    EXPECT_TRUE(refused("house/whisper-1"));
    EXPECT_TRUE(refused("house/o1-pro")) << "responses";
    EXPECT_FALSE(refused("house/gpt-4o"));
    EXPECT_FALSE(refused("house/nobody-knows"));
}

TEST_F(SnapshotTest, another_gateway_may_answer_chat_for_a_model_of_responses) {
    const std::string said =
        entry("said", "openai/o1-pro", {"api_key: k", "api_base: http://h/v1"}) +
        "    model_info: {mode: responses}\n";
    const auto snapshot = build(
        list({entry("own", "openai/o1-pro", {"api_key: k"}),
              entry("other", "openai/o1-pro", {"api_key: k", "api_base: http://h/v1"}), said}));
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(only(*snapshot, "own").info.mode, "responses");
    EXPECT_EQ(only(*snapshot, "other").info.mode, "");
    EXPECT_EQ(only(*snapshot, "said").info.mode, "responses");
}

TEST_F(SnapshotTest, a_deployment_that_no_route_calls_is_not_picked_beside_others) {
    const auto snapshot = build(list({entry("mixed", "openai/gpt-4o", {"api_key: k"}),
                                      entry("mixed", "openai/whisper-1", {"api_key: k"})}));
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(only(*snapshot, "mixed").model, "gpt-4o");
}

TEST_F(SnapshotTest, a_deployment_for_another_use_is_no_candidate) {
    const auto snapshot =
        build(list({entry("mixed", "openai/gpt-4o", {"api_key: k"}),
                    entry("mixed", "openai/text-embedding-3-small", {"api_key: k"})}));
    ASSERT_TRUE(snapshot);
    const auto route = resolve_model(*snapshot, "mixed", "/p");
    const Candidates candidates(*route->group, &kChatCompletions, nullptr);
    EXPECT_EQ(candidates.count(), 1u);
    for (const double random : {0.0, 0.5, 0.99}) {
        EXPECT_EQ(candidates.pick(random).model, "gpt-4o");
    }
}

TEST_F(SnapshotTest, a_providers_own_parameters_are_defaults_of_requests) {
    const auto snapshot = build(list({entry(
        "a", "keyless/house",
        {"top_k: 20", "min_p: 0.1", "chat_template_kwargs: {enable_thinking: false}",
         "provider: {order: [a, b]}", "num_ctx: 4096", "temperature: 0.5",
         "input_cost_per_token: 0.000001", "supports_vision: true", "base_model: gpt-4o",
         "organization: o", "api_version: v", "aws_region_name: r", "mode: chat", "id: x",
         "extra_headers: {a: b}", "stream: true", "max_input_tokens: 5", "litellm_trace_id: t"})}));
    ASSERT_TRUE(snapshot);
    EXPECT_THAT(texts(), IsEmpty());
    const Deployment& d = only(*snapshot, "a");
    EXPECT_THAT(d.defaults,
                ElementsAre(BodyMember{"\"temperature\"", "0.5"}, BodyMember{"\"top_k\"", "20"},
                            BodyMember{"\"min_p\"", "0.1"},
                            BodyMember{"\"chat_template_kwargs\"", R"({"enable_thinking":false})"},
                            BodyMember{"\"provider\"", R"({"order":["a","b"]})"},
                            BodyMember{"\"num_ctx\"", "4096"}));
    EXPECT_THAT(d.params, HasSubstr("aws_region_name"));
}

TEST_F(SnapshotTest, timeouts_have_a_precedence) {
    const auto timeouts = [&](const std::vector<std::string>& own, const std::string& rest) {
        const auto snapshot = build(list({entry("a", "keyless/a", own)}, rest));
        const Deployment& d = only(*snapshot, "a");
        return std::pair(d.timeout, d.stream_timeout);
    };
    const std::string litellm = "litellm_settings:\n  request_timeout: 40\n";
    const std::string router = "router_settings:\n  timeout: 30\n";
    const std::string stream = "router_settings:\n  timeout: 30\n  stream_timeout: 20\n";
    EXPECT_EQ(timeouts({}, ""), std::pair(600'000ms, 600'000ms));
    EXPECT_EQ(timeouts({}, litellm), std::pair(40'000ms, 40'000ms));
    EXPECT_EQ(timeouts({}, litellm + router), std::pair(30'000ms, 30'000ms));
    EXPECT_EQ(timeouts({}, litellm + stream), std::pair(30'000ms, 20'000ms));
    EXPECT_EQ(timeouts({"timeout: 10"}, router), std::pair(10'000ms, 10'000ms));
    EXPECT_EQ(timeouts({"timeout: 10"}, stream), std::pair(10'000ms, 20'000ms));
    EXPECT_EQ(timeouts({"timeout: 10", "stream_timeout: 5"}, stream), std::pair(10'000ms, 5'000ms));
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

TEST_F(SnapshotTest, providers_are_known_by_prefix_and_by_bare_names) {
    const auto named = [](std::string_view model, std::string_view provider = {}) -> std::string {
        const auto found = provider_of(model, provider, {}, *plugins_);
        return found.row ? found.row->prefix + ":" + found.model : "none";
    };
    EXPECT_EQ(named("openai/gpt-4o"), "openai:gpt-4o");
    EXPECT_EQ(named("gpt-4o"), "openai:gpt-4o");
    EXPECT_EQ(named("o3-mini"), "openai:o3-mini");
    EXPECT_EQ(named("ft:gpt-4o:org"), "openai:ft:gpt-4o:org");
    EXPECT_EQ(named("claude-3"), "anthropic:claude-3");
    EXPECT_EQ(named("llama"), "none");
    EXPECT_EQ(named("unknown/gpt-4o"), "none");
    EXPECT_EQ(named("gpt-4o", "keyless"), "keyless:gpt-4o");
    EXPECT_EQ(named("keyless", "keyless"), "keyless:keyless");
    EXPECT_EQ(named("keylessly/x", "keyless"), "keyless:keylessly/x");
    EXPECT_EQ(named("x", "unknown"), "none");
    for (const char* model : {"whisper-1", "text-embedding-3-small", "dall-e-3", "gpt-image-1",
                              "tts-1", "gpt-4o-transcribe", "omni-moderation-latest"}) {
        EXPECT_EQ(named(model), "openai:" + std::string(model));
    }
    EXPECT_EQ(provider_of("gemini-2.5-flash", {}, {}, *plugins_).provider, "vertex_ai");
    EXPECT_EQ(provider_of("gemini-99-flash", {}, {}, *plugins_).provider, "vertex_ai");
    EXPECT_EQ(provider_of("house", {}, "https://api.example.org/v2", *plugins_).provider,
              "anthropic")
        << "the first of those that are there";
    EXPECT_EQ(provider_of("house", {}, "https://other.example.org/v2", *plugins_).row, nullptr);
    EXPECT_EQ(exception_provider("openai"), "OpenAIException");
    EXPECT_EQ(exception_provider("groq"), "GroqException");
    EXPECT_EQ(exception_provider(""), "Exception");
}

}  // namespace
}  // namespace patchbay
