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
      num_retries: 0
      weight: 0.25
      rpm: 10
      tpm: "20"
      ssl_verify: false
      drop_params: on
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
    EXPECT_EQ(read.num_retries, 0);
    EXPECT_EQ(read.weight, 0.25);
    EXPECT_EQ(read.rpm, 10);
    EXPECT_EQ(read.tpm, 20);
    EXPECT_EQ(read.ssl_verify, false);
    EXPECT_EQ(read.drop_params, true);
    EXPECT_THAT(read.additional_drop_params, ElementsAre("seed", "tools[*].strict"));
    EXPECT_THAT(read.allowed_openai_params, ElementsAre("tools"));
    EXPECT_EQ(read.extra_body, parse(R"({"a":{"b":[1]}})"));
    EXPECT_EQ(read.model_info, parse(R"({"id":"one","max_tokens":4096})"));
    EXPECT_TRUE(read.defaults.empty());
    EXPECT_TRUE(read.params.empty());
}

TEST(ModelList, base_url_is_another_name_of_api_base) {
    EXPECT_EQ(deployment("      base_url: http://x\n").api_base, "http://x");
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
      extra_headers: {X-A: os.environ/HEADER, list: [os.environ/HEADER]}
      use_thing: os.environ/FLAG
      no_such_option_anywhere: ~
      vertex_project: 12
)",
                   {{"MAX", "100"}, {"USER_NAME", "42"}, {"HEADER", "h"}, {"FLAG", "False"}});
    EXPECT_EQ(read.defaults, parse(R"({"temperature":0.5,"max_tokens":100,"user":"42",
                                       "reasoning_effort":"low","stop":["a"]})"));
    EXPECT_EQ(read.params, parse(R"({"api_version":"2024-10-21","organization":"123",
                        "input_cost_per_token":1e-6,"extra_headers":{"X-A":"h","list":["h"]},
                        "use_thing":false,"vertex_project":12})"));
}

TEST(ModelList, limits_beside_the_params_count_unless_they_stand_inside) {
    const auto read = deployment("      rpm: 1\n    rpm: 5\n    tpm: 6\n");
    EXPECT_EQ(read.rpm, 1);
    EXPECT_EQ(read.tpm, 6);
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
                ElementsAre("c.yaml:2:5: error: this `credential_list` entry has no "
                            "`credential_name`",
                            "c.yaml:3:5: error: an entry of `credential_list`: expected a mapping, "
                            "found a number",
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
  - {model_name: a, litellm_params: {model: p/a, tags: [x]}}
  - {model_name: b, litellm_params: {model: p/b, tags: [y]}}
)");
    EXPECT_THAT(texts(loaded.problems),
                ElementsAre("c.yaml:2:50: warning: `litellm_params.tags` is known to LiteLLM but "
                            "not done by Patchbay yet: ignored"));
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

TEST(ModelList, a_model_from_an_empty_variable_is_an_error) {
    EXPECT_THAT(
        problems_of("model_list: [{model_name: a, litellm_params: {model: os.environ/M}}]\n",
                    {{"M", ""}}),
        ElementsAre("c.yaml:1:14: error: the model's name comes from a variable that is empty"));
}

TEST(ModelList, token_references_are_refused) {
    EXPECT_THAT(problems_of("model_list: [{model_name: a, litellm_params: {model: p/m, "
                            "api_key: oidc/github/x}}]\n"),
                ElementsAre("c.yaml:1:68: error: `oidc/` references are known to LiteLLM but not "
                            "done by Patchbay yet"));
}

}  // namespace
}  // namespace patchbay
