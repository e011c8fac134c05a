#include "config/loader.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/test_support.hpp"

namespace patchbay {
namespace {

using config_test::environment;
using config_test::load;
using config_test::problems_of;
using config_test::texts;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kOneModel = R"(model_list:
  - model_name: demo
    litellm_params:
      model: demo/echo
)";

TEST(Loader, reads_the_quick_start) {
    const auto loaded = load(
        R"(model_list:
  - model_name: gpt-4o
    litellm_params:
      model: openai/gpt-4o
      api_key: os.environ/OPENAI_API_KEY
  - model_name: claude
    litellm_params:
      model: anthropic/claude-sonnet-4-5
      api_key: "os.environ/ANTHROPIC_API_KEY"
  - model_name: deepseek
    litellm_params:
      model: deepseek/deepseek-chat
      api_key: os.environ/DEEPSEEK_API_KEY

general_settings:
  master_key: sk-1234
)",
        {{"OPENAI_API_KEY", "sk-o"}, {"ANTHROPIC_API_KEY", "sk-a"}, {"DEEPSEEK_API_KEY", "sk-d"}});
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config);
    ASSERT_EQ(loaded.config->model_list.size(), 3u);
    const DeploymentConfig& first = loaded.config->model_list[0];
    EXPECT_EQ(first.model_name, "gpt-4o");
    EXPECT_EQ(first.model, "openai/gpt-4o");
    EXPECT_EQ(first.api_key.reveal(), "sk-o");
    EXPECT_EQ(first.place.text(), "c.yaml:2:5");
    EXPECT_EQ(loaded.config->model_list[2].api_key.reveal(), "sk-d");
    EXPECT_EQ(loaded.config->general.master_key.reveal(), "sk-1234");
}

TEST(Loader, an_empty_file_is_an_empty_configuration) {
    for (const char* text : {"", "# nothing\n", "model_list: []\n", "model_list:\n"}) {
        const auto loaded = load(text);
        EXPECT_THAT(texts(loaded.problems), IsEmpty()) << text;
        ASSERT_TRUE(loaded.config) << text;
        EXPECT_TRUE(loaded.config->model_list.empty()) << text;
    }
}

TEST(Loader, reads_settings_of_every_section) {
    const auto loaded = load(R"(litellm_settings:
  drop_params: true
  num_retries: 3
  request_timeout: 0.5
  ssl_verify: False
router_settings:
  num_retries: 2
  timeout: 30
  stream_timeout: 60.25
  retry_after: 1
  model_group_alias:
    gpt-4: big
    gpt-3: {model: small, hidden: true}
general_settings:
  max_request_size_mb: 1.5
  global_max_parallel_requests: 100
)",
                             {{"LITELLM_MASTER_KEY", "sk-env"}});
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config);
    const Config& config = *loaded.config;
    EXPECT_TRUE(config.litellm.drop_params);
    EXPECT_EQ(config.litellm.num_retries, 3);
    EXPECT_EQ(config.litellm.request_timeout, milliseconds(500));
    EXPECT_FALSE(config.litellm.ssl_verify);
    EXPECT_EQ(config.router.num_retries, 2);
    EXPECT_EQ(config.router.timeout, milliseconds(30000));
    EXPECT_EQ(config.router.stream_timeout, milliseconds(60250));
    EXPECT_EQ(config.router.retry_after, milliseconds(1000));
    EXPECT_EQ(config.router.model_group_alias.at("gpt-4").model, "big");
    EXPECT_FALSE(config.router.model_group_alias.at("gpt-4").hidden);
    EXPECT_EQ(config.router.model_group_alias.at("gpt-3").model, "small");
    EXPECT_TRUE(config.router.model_group_alias.at("gpt-3").hidden);
    EXPECT_EQ(config.general.master_key.reveal(), "sk-env");
    EXPECT_EQ(config.general.max_request_size, 1536u << 10);
    EXPECT_EQ(config.general.global_max_parallel_requests, 100);
}

TEST(Loader, the_file_wins_over_the_master_key_of_the_environment) {
    const auto loaded =
        load("general_settings: {master_key: sk-file}\n", {{"LITELLM_MASTER_KEY", "sk-env"}});
    ASSERT_TRUE(loaded.config);
    EXPECT_EQ(loaded.config->general.master_key.reveal(), "sk-file");
}

TEST(Loader, a_variable_stands_for_a_boolean_and_for_numbers) {
    const auto loaded = load(R"(litellm_settings:
  drop_params: os.environ/DROP
  num_retries: os.environ/RETRIES
  request_timeout: os.environ/TIMEOUT
)",
                             {{"DROP", "True"}, {"RETRIES", "4"}, {"TIMEOUT", "2.5"}});
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config);
    EXPECT_TRUE(loaded.config->litellm.drop_params);
    EXPECT_EQ(loaded.config->litellm.num_retries, 4);
    EXPECT_EQ(loaded.config->litellm.request_timeout, milliseconds(2500));
}

TEST(Loader, environment_variables_of_the_file_are_seen_by_all_sections) {
    const auto loaded = load(R"(general_settings:
  master_key: os.environ/KEY
environment_variables:
  BASE: os.environ/GIVEN
  KEY: os.environ/BASE
  PORT: 4000
  GIVEN2: x
)",
                             {{"GIVEN", "sk-given"}, {"GIVEN2", "outer"}, {"OTHER", "kept"}});
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config);
    EXPECT_EQ(loaded.config->general.master_key.reveal(), "sk-given");
    EXPECT_EQ(loaded.environment("PORT"), "4000");
    EXPECT_EQ(loaded.environment("GIVEN2"), "x");
    EXPECT_EQ(loaded.environment("OTHER"), "kept");
    EXPECT_EQ(loaded.environment("NONE"), std::nullopt);
    EXPECT_EQ(process_environment()("GIVEN2"), std::nullopt);
}

TEST(Loader, reads_the_plugins_section) {
    const auto loaded = load(R"(plugins:
  directories: [/opt/bay, more]
  rows: {openai_compatible: rows.json}
  settings:
    demo: {delay_ms: 5, key: os.environ/K}
)",
                             {{"K", "v"}});
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config);
    const PluginSettings& plugins = loaded.config->plugins;
    ASSERT_EQ(plugins.directories.size(), 2u);
    EXPECT_EQ(plugins.directories[0].text, "/opt/bay");
    EXPECT_EQ(plugins.directories[1].text, "more");
    EXPECT_EQ(plugins.directories[1].place.text(), "c.yaml:2:27");
    EXPECT_EQ(plugins.rows.at("openai_compatible"), "rows.json");
    EXPECT_EQ(plugins.settings.at("demo").at("delay_ms"), 5);
    EXPECT_EQ(plugins.settings.at("demo").at("key"), "v");
}

TEST(Loader, litellms_settings_of_vertex_ai_are_the_plugins_which_go_first) {
    const auto loaded = load(R"(litellm_settings: {vertex_project: p, vertex_location: os.environ/L}
plugins: {settings: {vertex_ai: {project: own}}}
)",
                             {{"L", "europe-west4"}});
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config);
    const auto& settings = loaded.config->plugins.settings.at("vertex_ai");
    EXPECT_EQ(settings.at("project"), "own");
    EXPECT_EQ(settings.at("location"), "europe-west4");
}

TEST(Loader, every_problem_is_told_at_once_in_file_order) {
    EXPECT_THAT(
        problems_of(R"(router_settings:
  timeout: soon
  num_retries: 1.5
  client_ttl: 60
  retry_afer: 3
model_list:
  - model_name: 4
    litellm_params: {model: openai/gpt-4o, rpm: -1, tpm: many, api_key: os.environ/NOPE}
  - litellm_params: {temperature: 0}
  - model_name: b
    litelm_params: {}
  - just text
litellm_settings: [a]
general_setings: {}
mcp_servers: {a: {url: "http://x"}}
zebra_crossing_for_all: 1
)"),
        ElementsAre(
            "c.yaml:2:12: error: `router_settings.timeout`: expected a number of seconds, 0 or "
            "more, found text",
            "c.yaml:3:16: error: `router_settings.num_retries`: expected a whole number, 0 or "
            "more, found a fraction",
            "c.yaml:4:3: warning: `router_settings.client_ttl` is known to LiteLLM but not done by "
            "Patchbay yet: ignored",
            "c.yaml:5:3: warning: `router_settings.retry_afer` is not a known key: ignored; did "
            "you mean `retry_after`?",
            "c.yaml:7:17: error: `model_list.model_name`: expected text, found a number (put it in "
            "quotes)",
            "c.yaml:8:49: error: `litellm_params.rpm`: expected a whole number, 0 or more, found a "
            "negative number",
            "c.yaml:8:58: error: `litellm_params.tpm`: expected a whole number, 0 or more, found "
            "text",
            "c.yaml:8:73: warning: the environment variable `NOPE` is not set: this deployment is "
            "left out",
            "c.yaml:9:5: error: this `model_list` entry has no `model_name`",
            "c.yaml:9:21: error: these `litellm_params` have no `model`",
            "c.yaml:10:5: error: this `model_list` entry has no `litellm_params`",
            "c.yaml:11:5: warning: `model_list.litelm_params` is not a known key: ignored; did you "
            "mean `litellm_params`?",
            "c.yaml:12:5: error: an entry of `model_list`: expected a mapping, found text",
            "c.yaml:13:19: error: `litellm_settings`: expected a mapping, found a list",
            "c.yaml:14:1: warning: `general_setings` is not a known key: ignored; did you mean "
            "`general_settings`?",
            "c.yaml:15:1: warning: `mcp_servers` is known to LiteLLM but not done by Patchbay yet: "
            "ignored",
            "c.yaml:16:1: warning: `zebra_crossing_for_all` is not a known key: ignored"));
}

TEST(Loader, warnings_do_not_keep_the_configuration_from_being_used) {
    const auto loaded =
        load(std::string(kOneModel) + "litellm_settings: {default_max_tokens: 9}\n");
    EXPECT_THAT(
        texts(loaded.problems),
        ElementsAre(
            "c.yaml:5:20: warning: `litellm_settings.default_max_tokens` is known to LiteLLM "
            "but not done by Patchbay yet: ignored"));
    EXPECT_TRUE(loaded.config);
}

TEST(Loader, ignored_sections_need_no_variables) {
    EXPECT_TRUE(load("mcp_servers: [{api_key: os.environ/NOPE}]\n").config);
}

TEST(Loader, a_certificate_bundle_is_told_not_to_be_used) {
    const auto loaded = load("litellm_settings: {ssl_verify: /etc/ca.pem}\n");
    EXPECT_THAT(texts(loaded.problems),
                ElementsAre("c.yaml:1:32: warning: a CA bundle in `litellm_settings.ssl_verify` is "
                            "known to LiteLLM but not done by Patchbay yet: ignored, the system's "
                            "authorities are used"));
    ASSERT_TRUE(loaded.config);
    EXPECT_TRUE(loaded.config->litellm.ssl_verify);
    // As LiteLLM's documentation has it.
    EXPECT_TRUE(load("litellm_settings: {ssl_verify: client.pem}\n").config);
    EXPECT_FALSE(load("litellm_settings: {ssl_verify: maybe}\n").config);
}

TEST(Loader, no_problem_holds_a_value_of_the_file) {
    const std::string secret = "sk-canary-7f3";
    for (const std::string& text : {
             "model_list: [{model_name: a, litellm_params: {model: m, api_key: [" + secret + "]}}]",
             "model_list: [{model_name: a, litellm_params: {model: m, rpm: " + secret + "}}]",
             "model_list: [{model_name: a, litellm_params: {model: m, api_key: {" + secret +
                 ": 1}}}]",
             "model_list: [{model_name: a, litellm_params: {model: m, api_key: *" + secret + "}}]",
             "model_list: [" + secret + "]",
             "general_settings: {master_key: {a: " + secret + "}}",
             "general_settings: {master_key: os.environ/" + secret + "}",
             "general_settings: {" + secret + ": 1}",
             "general_settings: {master_key: \"" + secret + "}",
             "general_settings: {master_key: !" + secret + " x}",
             "general_settings:\n\tmaster_key: " + secret,
             secret + ": 1",
             secret,
         }) {
        const auto problems = problems_of(text);
        EXPECT_FALSE(problems.empty()) << text;
        for (const std::string& problem : problems) {
            EXPECT_EQ(problem.find("canary"), std::string::npos) << problem;
        }
    }
    EXPECT_THAT(problems_of("litellm_settings: {num_retries: os.environ/N}", {{"N", secret}}),
                ElementsAre("c.yaml:1:33: error: `litellm_settings.num_retries`: expected a whole "
                            "number, 0 or more, found text"));
}

TEST(Loader, tells_of_very_many_problems_by_their_number) {
    std::string text = "model_list:\n";
    for (int i = 0; i < 1500; ++i) text += "  - x\n";
    const auto problems = problems_of(text);
    ASSERT_EQ(problems.size(), 1001u);
    EXPECT_EQ(problems.back(), "c.yaml: error: 500 more problems are not shown");
}

class LoaderFiles : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "configXXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        directory_ = pattern;
    }
    void TearDown() override { std::filesystem::remove_all(directory_); }

    std::string write(const std::string& name, const std::string& text) {
        std::ofstream(directory_ / name) << text;
        return (directory_ / name).string();
    }

    std::filesystem::path directory_;
};

TEST(Loader, the_files_that_ship_have_no_problems) {
    const std::filesystem::path config(PATCHBAY_CONFIG_DIR);
    const auto given = environment({{"OPENAI_API_KEY", "o"},
                                    {"ANTHROPIC_API_KEY", "a"},
                                    {"DEEPSEEK_API_KEY", "d"},
                                    {"LITELLM_MASTER_KEY", "sk-m"}});
    const auto shipped = load_config(config / "config.yaml", environment());
    EXPECT_THAT(texts(shipped.problems), IsEmpty());
    ASSERT_TRUE(shipped.config);
    ASSERT_EQ(shipped.config->model_list.size(), 1u);
    EXPECT_EQ(shipped.config->model_list.front().model, "demo/echo");
    const auto quickstart = load_config(config / "examples/quickstart.yaml", given);
    EXPECT_THAT(texts(quickstart.problems), IsEmpty());
    ASSERT_TRUE(quickstart.config);
    EXPECT_EQ(quickstart.config->model_list.size(), 3u);
}

TEST_F(LoaderFiles, includes_append_lists_and_replace_the_rest) {
    write("more.yaml",
          "model_list:\n  - {model_name: b, litellm_params: {model: demo/b}}\n"
          "general_settings: {max_request_size_mb: 2}\n");
    const auto main = write("main.yaml",
                            "include: [more.yaml]\n"
                            "model_list:\n  - {model_name: a, litellm_params: {model: demo/a}}\n"
                            "general_settings: {global_max_parallel_requests: 3}\n"
                            "plugins: {directories: [p], rows: {x: r.json}}\n");
    const auto loaded = load_config(main, environment());
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config);
    ASSERT_EQ(loaded.config->model_list.size(), 2u);
    EXPECT_EQ(loaded.config->model_list[0].model_name, "a");
    EXPECT_EQ(loaded.config->model_list[1].model_name, "b");
    EXPECT_EQ(loaded.config->model_list[1].place.file, (directory_ / "more.yaml").string());
    EXPECT_FALSE(loaded.config->general.global_max_parallel_requests);
    EXPECT_EQ(loaded.config->general.max_request_size, 2u << 20);
    ASSERT_EQ(loaded.config->plugins.directories.size(), 1u);
    EXPECT_EQ(loaded.config->plugins.directories[0].text, (directory_ / "p").string());
    EXPECT_EQ(loaded.config->plugins.rows.at("x"), (directory_ / "r.json").string());
}

TEST_F(LoaderFiles, an_included_file_does_not_take_a_lock_away) {
    const auto more = write("more.yaml", "general_settings: {max_request_size_mb: 2}\n");
    const auto main = write("main.yaml",
                            "include: more.yaml\n"
                            "general_settings: {master_key: sk-gone}\n");
    const auto loaded = load_config(main, environment());
    EXPECT_FALSE(loaded.config);
    EXPECT_THAT(
        texts(loaded.problems),
        ElementsAre(more + ":1:1: error: this section replaces the one at " + main +
                    ":2:1, whose `master_key` is lost, so nobody would be asked for a key"));
    EXPECT_TRUE(load_config(main, environment({{"LITELLM_MASTER_KEY", "sk-e"}})).config);
}

TEST_F(LoaderFiles, problems_of_included_files_follow_those_of_the_main_file) {
    const auto more = write("more.yaml", "include: [main.yaml]\nmodel_list: [text]\n");
    std::filesystem::create_directory(directory_ / "dir");
    const auto main =
        write("main.yaml", "include: [more.yaml, none.yaml, dir, {a: 1}]\nlitellm_settings: 3\n");
    const auto loaded = load_config(main, environment());
    EXPECT_FALSE(loaded.config);
    EXPECT_THAT(
        texts(loaded.problems),
        ElementsAre(
            main + ":1:22: error: cannot read " + (directory_ / "none.yaml").string() +
                ": no such file",
            main + ":1:33: error: cannot read " + (directory_ / "dir").string() +
                ": not a regular file",
            main + ":1:38: error: `include`: expected the path of a file",
            main + ":2:19: error: `litellm_settings`: expected a mapping, found a number",
            more + ":1:1: warning: `include` in an included file is not followed: ignored",
            more + ":2:14: error: an entry of `model_list`: expected a mapping, found text"));
}

TEST_F(LoaderFiles, a_file_that_cannot_be_read_is_a_problem) {
    const auto file = (directory_ / "none.yaml").string();
    const auto loaded = load_config(file, environment());
    EXPECT_FALSE(loaded.config);
    EXPECT_THAT(texts(loaded.problems),
                ElementsAre("error: cannot read " + file + ": no such file"));
}

}  // namespace
}  // namespace patchbay
