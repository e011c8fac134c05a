// What cannot be used is left out alone and told of, and what else is wrong is told in the same
// run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/test_support.hpp"

namespace patchbay {
namespace {

using config_test::load;
using config_test::texts;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(LeftOut, a_variable_without_a_value_is_as_it_was_in_the_environment) {
    const auto loaded = load(R"(environment_variables:
  HOST: localhost
  PASSWORD:
  PORT: 6379
  TLS: true
  LIST: [a]
  LOST: os.environ/NOPE
)",
                             {{"PASSWORD", "given"}, {"PADDED", " x\r\n"}});
    EXPECT_THAT(texts(loaded.problems),
                ElementsAre("c.yaml:6:9: warning: a variable of `environment_variables` is left "
                            "out: expected text, found a list",
                            "c.yaml:7:9: warning: a variable of `environment_variables` is left "
                            "out: the environment variable `NOPE` is not set"));
    ASSERT_TRUE(loaded.config);
    EXPECT_EQ(loaded.environment("HOST"), "localhost");
    EXPECT_EQ(loaded.environment("PASSWORD"), "given");
    EXPECT_EQ(loaded.environment("PORT"), "6379");
    EXPECT_EQ(loaded.environment("TLS"), "true");
    EXPECT_EQ(loaded.environment("LOST"), std::nullopt);
    EXPECT_EQ(loaded.environment("PADDED"), "x") << "what providers' keys are looked up in";
}

TEST(LeftOut, an_alias_that_cannot_be_used_is_left_out_alone) {
    const auto loaded = load(R"(router_settings:
  model_group_alias:
    quick: [small, big]
    clever: big
    nameless: {hidden: true}
    number: 4
    none:
)");
    EXPECT_THAT(texts(loaded.problems),
                ElementsAre(HasSubstr("c.yaml:3:12: warning: this `model_group_alias` is "
                                      "left out: an alias names one model group"),
                            HasSubstr("c.yaml:5:15: warning: this `model_group_alias`"),
                            HasSubstr("c.yaml:6:13: warning: this `model_group_alias`")));
    ASSERT_TRUE(loaded.config);
    const auto& aliases = loaded.config->router.model_group_alias;
    ASSERT_EQ(aliases.size(), 1u);
    EXPECT_EQ(aliases.at("clever").model, "big");
    EXPECT_EQ(aliases.at("clever").place.text(), "c.yaml:4:13");
}

TEST(LeftOut, a_list_where_a_flag_stands_leaves_the_flag_as_it_is) {
    const auto loaded = load("litellm_settings: {drop_params: [seed]}\n");
    ASSERT_TRUE(loaded.config);
    EXPECT_FALSE(loaded.config->litellm.drop_params);
    EXPECT_THAT(texts(loaded.problems),
                ElementsAre(HasSubstr("litellm_params.additional_drop_params")));
}

TEST(LeftOut, a_draft_tells_what_else_is_wrong_unless_it_is_wrong_about_plugins) {
    EXPECT_TRUE(load("router_settings: {num_retries: -1}").draft);
    EXPECT_FALSE(load("router_settings: {num_retries: 1}").draft);
    EXPECT_FALSE(load("plugins: {reload: never}").draft);
    EXPECT_FALSE(load("model_list: [").draft);
    const auto half = load(
        "model_list: [{model_name: a}, {model_name: b, litellm_params: {model: "
        "demo/echo}}]");
    ASSERT_TRUE(half.draft);
    EXPECT_TRUE(half.half_read);
    EXPECT_EQ(half.draft->model_list.size(), 1u);
}

}  // namespace
}  // namespace patchbay
