#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/test_support.hpp"

namespace patchbay {
namespace {

using boost::json::parse;
using config_test::load;
using config_test::problems_of;
using config_test::texts;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

/// The only deployment of a file whose litellm_params hold `params` (indented by six).
DeploymentConfig deployment(const std::string& params, config_test::Variables variables = {}) {
    const auto loaded =
        load("model_list:\n  - model_name: m\n    litellm_params:\n      model: p/m\n" + params,
             std::move(variables));
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    if (!loaded.config || loaded.config->model_list.size() != 1) return {};
    return loaded.config->model_list.front();
}

TEST(ModelList, reads_what_the_gateway_knows_of_a_deployment) {
    const auto read = deployment(R"(      custom_llm_provider: openai
      api_key: k
      api_base: http://host/v1
      base_url: http://other
      timeout: 1.5
      stream_timeout: 2
      keepalive_seconds: 15
      num_retries: 0
      weight: 0.25
      rpm: 10
      tpm: "20"
      itpm: 15
      otpm: 5
      ssl_verify: false
      drop_params: on
      merge_reasoning_content_in_choices: true
      additional_drop_params: [seed, "tools[*].strict"]
      allowed_openai_params: [tools]
      extra_body: {a: {b: [1]}}
    model_info: {id: one, max_tokens: 4096}
)");
    EXPECT_EQ(read.custom_llm_provider, "openai");
    EXPECT_EQ(read.api_key.reveal(), "k");
    EXPECT_EQ(read.api_base, "http://host/v1");
    EXPECT_EQ(read.timeout, milliseconds(1500));
    EXPECT_EQ(read.stream_timeout, milliseconds(2000));
    EXPECT_EQ(read.keepalive, milliseconds(15'000));
    EXPECT_EQ(read.num_retries, 0);
    EXPECT_EQ(read.weight, 0.25);
    EXPECT_EQ(read.rpm, 10);
    EXPECT_EQ(read.tpm, 20);
    EXPECT_EQ(read.itpm, 15);
    EXPECT_EQ(read.otpm, 5);
    EXPECT_EQ(read.ssl_verify, false);
    EXPECT_EQ(read.drop_params, true);
    EXPECT_TRUE(read.merge_thoughts);
    EXPECT_THAT(read.additional_drop_params, ElementsAre("seed", "tools[*].strict"));
    EXPECT_THAT(read.allowed_openai_params, ElementsAre("tools"));
    EXPECT_EQ(read.extra_body, parse(R"({"a":{"b":[1]}})"));
    EXPECT_EQ(read.model_info, parse(R"({"id":"one","max_tokens":4096})"));
    EXPECT_TRUE(read.defaults.empty());
    EXPECT_TRUE(read.params.empty());
}

TEST(ModelList, base_url_is_another_name_of_api_base) {
    EXPECT_EQ(deployment("      base_url: http://x\n").api_base, "http://x");
    EXPECT_EQ(deployment("      aws_bedrock_runtime_endpoint: http://x\n").api_base, "http://x");
}

TEST(ModelList, max_retries_is_another_name_of_num_retries_which_goes_first) {
    EXPECT_EQ(deployment("      max_retries: 4\n").num_retries, 4);
    EXPECT_EQ(deployment("      max_retries: 4\n      num_retries: 1\n").num_retries, 1);
    EXPECT_EQ(deployment("      num_retries: 1\n      max_retries: 4\n").num_retries, 1);
}

TEST(ModelList, request_timeout_is_another_name_of_timeout_which_goes_first) {
    EXPECT_EQ(deployment("      request_timeout: 2\n").timeout, milliseconds(2000));
    EXPECT_EQ(deployment("      request_timeout: 2\n      timeout: 1\n").timeout,
              milliseconds(1000));
    EXPECT_EQ(deployment("      timeout: 1\n      request_timeout: 2\n").timeout,
              milliseconds(1000));
}

TEST(ModelList, parts_request_parameters_from_the_plugins_own) {
    const auto read =
        deployment(R"(      temperature: 0.5
      max_tokens: os.environ/MAX
      user: os.environ/USER_NAME
      reasoning_effort: low
      stop: ["a"]
      seed:
      api_version: 2024-10-21
      organization: '123'
      input_cost_per_token: 1e-6
      extra_headers: {X-A: os.environ/HEADER}
      use_thing: os.environ/FLAG
      no_such_option_anywhere: ~
      vertex_project: 12
)",
                   {{"MAX", "100"}, {"USER_NAME", "42"}, {"HEADER", "h"}, {"FLAG", "False"}});
    EXPECT_EQ(read.defaults, parse(R"({"temperature":0.5,"max_tokens":100,"user":"42",
                                       "reasoning_effort":"low","stop":["a"]})"));
    EXPECT_EQ(read.params, parse(R"({"api_version":"2024-10-21","organization":"123",
                        "input_cost_per_token":1e-6,"extra_headers":{"X-A":"h"},
                        "use_thing":false,"vertex_project":12})"));
}

TEST(ModelList, headers_are_texts_whatever_yaml_takes_them_for) {
    for (const char* name : {"extra_headers", "headers"}) {
        const auto read = deployment(
            std::string("      ") + name +
                ": {a: 1, b: true, c: 1.0, d: 007, e: 2024-10-21, f: ~, g: x, h: os.environ/N}\n",
            {{"N", "42"}});
        EXPECT_EQ(read.params.at(name), parse(R"({"a":"1","b":"true","c":"1.0","d":"007",
                                                  "e":"2024-10-21","g":"x","h":"42"})"));
    }
    for (const char* wrong : {"'a: b'", "[a]", "{a: [b]}", "{a: {b: c}}", "5"}) {
        EXPECT_FALSE(load("model_list: [{model_name: m, litellm_params: {model: p/m, "
                          "extra_headers: " +
                          std::string(wrong) + "}}]")
                         .config)
            << wrong;
    }
}

TEST(ModelList, limits_beside_the_params_count_unless_they_stand_inside) {
    const auto read = deployment(
        "      rpm: 1\n      itpm: 2\n    rpm: 5\n    tpm: 6\n    itpm: 7\n    otpm: 8\n");
    EXPECT_EQ(read.rpm, 1);
    EXPECT_EQ(read.tpm, 6);
    EXPECT_EQ(read.itpm, 2);
    EXPECT_EQ(read.otpm, 8);
}

TEST(ModelList, takes_wildcards) {
    const auto loaded = load(R"(model_list:
  - {model_name: "openai/*", litellm_params: {model: "openai/*"}}
  - {model_name: "*", litellm_params: {model: "*"}}
)");
    ASSERT_TRUE(loaded.config);
    EXPECT_EQ(loaded.config->model_list[0].model_name, "openai/*");
    EXPECT_EQ(loaded.config->model_list[1].model, "*");
}

TEST(ModelList, a_credential_fills_in_what_the_deployment_lacks) {
    const auto loaded = load(R"(credential_list:
  - credential_name: azure
    credential_values: {api_key: os.environ/K, api_base: http://c, api_version: v1}
    credential_info: {description: x}
model_list:
  - model_name: m
    litellm_params: {model: azure/m, litellm_credential_name: azure, api_base: http://own}
)",
                             {{"K", "sk-c"}});
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config);
    const auto& read = loaded.config->model_list.front();
    EXPECT_EQ(read.api_key.reveal(), "sk-c");
    EXPECT_EQ(read.api_base, "http://own");
    EXPECT_EQ(read.params, parse(R"({"api_version":"v1"})"));
}

TEST(ModelList, tells_of_credentials_that_are_not_there) {
    EXPECT_THAT(problems_of(R"(credential_list:
  - credential_values: {}
  - 3
model_list:
  - {model_name: m, litellm_params: {model: a/m, litellm_credential_name: none}}
)"),
                ElementsAre("c.yaml:2:5: warning: this `credential_list` entry is left out: it has "
                            "no `credential_name`",
                            "c.yaml:3:5: warning: an entry of `credential_list` is left out: a "
                            "mapping is expected",
                            "c.yaml:5:75: error: `litellm_params.litellm_credential_name`: no "
                            "entry of `credential_list` has this name"));
}

TEST(ModelList, asks_about_likely_typing_mistakes_but_passes_them_on) {
    const auto loaded = load(R"(model_list:
  - model_name: m
    litellm_params: {model: p/m, temprature: 1, top_k: 3, own_option: 1, aws_regoin_name: x}
)");
    EXPECT_THAT(texts(loaded.problems),
                ElementsAre("c.yaml:3:34: warning: `litellm_params.temprature` is not a known key: "
                            "passed to the provider; did you mean `temperature`?"));
    ASSERT_TRUE(loaded.config);
    EXPECT_EQ(loaded.config->model_list.front().params,
              parse(R"({"temprature":1,"top_k":3,"own_option":1,"aws_regoin_name":"x"})"));
}

TEST(ModelList, tells_once_of_a_name_that_is_not_done) {
    const auto loaded = load(R"(model_list:
  - {model_name: a, litellm_params: {model: p/a, tag_regex: [x]}}
  - {model_name: b, litellm_params: {model: p/b, tag_regex: [y]}}
)");
    EXPECT_THAT(texts(loaded.problems),
                ElementsAre("c.yaml:2:50: warning: `litellm_params.tag_regex` is known to LiteLLM "
                            "but not done by Patchbay yet: ignored"));
}

TEST(ModelList, rates_of_keys_are_no_parameters_for_the_provider) {
    const auto loaded = load(R"(model_list:
  - model_name: m
    litellm_params: {model: p/m, default_api_key_rpm_limit: "5", default_api_key_tpm_limit: 100}
)");
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config);
    const DeploymentConfig& deployment = loaded.config->model_list.front();
    EXPECT_EQ(deployment.key_rpm, 5);
    EXPECT_EQ(deployment.key_tpm, 100);
    EXPECT_TRUE(deployment.params.empty());
}

TEST(ModelList, wrong_kinds_name_what_was_found) {
    EXPECT_THAT(
        problems_of(R"(model_list:
  - model_name: [a]
    litellm_params:
      model: p/m
      api_key: 123
      api_base: {a: b}
      timeout: 1e30
      ssl_verify: maybe
      extra_body: text
      additional_drop_params: [a, 1]
    model_info: 7
)"),
        ElementsAre("c.yaml:2:17: error: `model_list.model_name`: expected text, found a list",
                    "c.yaml:5:16: error: `litellm_params.api_key`: expected text, found a number "
                    "(put it in quotes)",
                    "c.yaml:6:17: error: `litellm_params.api_base`: expected text, found a mapping",
                    "c.yaml:7:16: error: `litellm_params.timeout`: expected a number of seconds, 0 "
                    "or more, found a number that is too large",
                    "c.yaml:8:19: error: `litellm_params.ssl_verify`: expected true or false, "
                    "found text",
                    "c.yaml:9:19: error: `litellm_params.extra_body`: expected a mapping, found "
                    "text",
                    "c.yaml:10:35: error: `litellm_params.additional_drop_params`: expected a list "
                    "of text, found a number in it",
                    "c.yaml:11:17: error: `model_list.model_info`: expected a mapping, found a "
                    "number"));
}

/// What is left out of `entry`, a flow mapping, which is told of with the one problem that it has.
std::string left_out_of(const std::string& entry, const std::string& problem,
                        config_test::Variables variables = {}, const std::string& rest = {}) {
    const auto loaded = load("model_list:\n  - " + entry + "\n" + rest, std::move(variables));
    EXPECT_THAT(texts(loaded.problems), ElementsAre(problem));
    for (const Problem& told : loaded.problems) EXPECT_TRUE(told.left_out) << told.text();
    if (!loaded.config || loaded.config->model_list.size() != 1) return "no such entry";
    return loaded.config->model_list.front().left_out;
}

TEST(ModelList, a_deployment_whose_variable_is_not_set_is_left_out_with_one_warning) {
    const std::string rest = " is not set: the deployment of 'a' is left out";
    EXPECT_EQ(left_out_of("{model_name: a, litellm_params: {model: p/m, api_key: os.environ/K}}",
                          "c.yaml:2:59: warning: the environment variable `K`" + rest),
              "it has no API key");
    EXPECT_EQ(left_out_of("{model_name: a, litellm_params: {model: p/m, api_base: os.environ/B}}",
                          "c.yaml:2:60: warning: the environment variable `B`" + rest),
              "it has no address");
    EXPECT_EQ(left_out_of("{model_name: a, litellm_params: {model: os.environ/M}}",
                          "c.yaml:2:45: warning: the environment variable `M`" + rest),
              "it has no model");
    EXPECT_EQ(
        left_out_of("{model_name: a, litellm_params: {model: p/m, organization: os.environ/O}}",
                    "c.yaml:2:64: warning: the environment variable `O`" + rest),
        "one of its settings is missing");
    EXPECT_EQ(left_out_of("{model_name: a, litellm_params: {model: p/m, extra_options: {x: "
                          "[os.environ/H]}}}",
                          "c.yaml:2:70: warning: the environment variable `H`" + rest),
              "one of its settings is missing");
    EXPECT_EQ(left_out_of("{model_name: os.environ/N, litellm_params: {model: p/m}}",
                          "c.yaml:2:18: warning: the environment variable `N` is not set: this "
                          "deployment is left out"),
              "one of its settings is missing");
}

TEST(ModelList, a_credential_whose_variable_is_not_set_leaves_out_who_needs_it) {
    const auto loaded = load(R"(credential_list:
  - {credential_name: c, credential_values: {api_key: os.environ/K}}
model_list:
  - {model_name: a, litellm_params: {model: p/m, litellm_credential_name: c}}
  - {model_name: b, litellm_params: {model: p/m, litellm_credential_name: c, api_key: own}}
)");
    EXPECT_THAT(texts(loaded.problems),
                ElementsAre("c.yaml:2:55: warning: the environment variable `K` is not set: the "
                            "deployment of 'a' is left out"));
    ASSERT_TRUE(loaded.config);
    EXPECT_EQ(loaded.config->model_list.at(0).left_out, "it has no API key");
    EXPECT_EQ(loaded.config->model_list.at(1).left_out, "");
}

TEST(ModelList, a_credential_that_a_variable_names_leaves_out_who_needs_it) {
    EXPECT_EQ(left_out_of("{model_name: a, litellm_params: {model: p/m, litellm_credential_name: "
                          "os.environ/C}}",
                          "c.yaml:2:75: warning: the environment variable `C` is not set: the "
                          "deployment of 'a' is left out"),
              "one of its settings is missing");
}

TEST(ModelList, an_empty_variable_is_as_one_that_is_not_set_where_a_value_is_needed) {
    const std::string rest = " is empty: the deployment of 'a' is left out";
    EXPECT_EQ(left_out_of("{model_name: a, litellm_params: {model: os.environ/M}}",
                          "c.yaml:2:45: warning: the environment variable `M`" + rest, {{"M", ""}}),
              "it has no model");
    EXPECT_EQ(left_out_of("{model_name: a, litellm_params: {model: p/m, api_key: os.environ/K}}",
                          "c.yaml:2:59: warning: the environment variable `K`" + rest, {{"K", ""}}),
              "it has no API key");
    EXPECT_EQ(left_out_of("{model_name: a, litellm_params: {model: p/m, base_url: os.environ/B}}",
                          "c.yaml:2:60: warning: the environment variable `B`" + rest, {{"B", ""}}),
              "it has no address");
}

TEST(ModelList, a_token_reference_leaves_its_deployment_out) {
    EXPECT_EQ(left_out_of("{model_name: a, litellm_params: {model: p/m, api_key: oidc/github/x}}",
                          "c.yaml:2:59: warning: `oidc/` references are known to LiteLLM but not "
                          "done by Patchbay yet: the deployment of 'a' is left out"),
              "it has no API key");
}

TEST(ModelList, what_only_tells_of_a_model_leaves_nothing_else_out) {
    EXPECT_EQ(left_out_of("{model_name: a, litellm_params: {model: p/m}, model_info: {id: "
                          "os.environ/I}}",
                          "c.yaml:2:68: warning: the environment variable `I` is not set: this "
                          "`model_info` is ignored"),
              "");
}

// A guard that went missing with its variable would leave a door open.
TEST(ModelList, a_guardrail_that_a_variable_names_is_an_error_without_it) {
    EXPECT_THAT(problems_of("model_list: [{model_name: a, litellm_params: {model: p/m, guardrails: "
                            "[os.environ/G]}}]\n"),
                ElementsAre("c.yaml:1:72: error: the environment variable `G` is not set"));
}

TEST(ModelList, notes_where_things_stand_that_are_judged_later) {
    const auto loaded = load(R"(model_list:
  - model_name: a
    litellm_params:
      model: p/m
      custom_llm_provider: p
      top_k: 3
    model_info: {mode: chat}
)");
    ASSERT_TRUE(loaded.config);
    const auto& read = loaded.config->model_list.front();
    EXPECT_EQ(read.model_place.text(), "c.yaml:4:14");
    EXPECT_EQ(read.provider_place.text(), "c.yaml:5:28");
    EXPECT_EQ(read.mode_place.text(), "c.yaml:7:24");
    ASSERT_EQ(read.param_places.size(), 1u);
    EXPECT_EQ(read.param_places[0].text, "top_k");
    EXPECT_EQ(read.param_places[0].place.text(), "c.yaml:6:7");
}

}  // namespace
}  // namespace patchbay
