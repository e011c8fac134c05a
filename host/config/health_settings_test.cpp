#include "config/health_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/test_support.hpp"

namespace patchbay {
namespace {

using config_test::load;
using config_test::texts;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

constexpr const char* kModel =
    "model_list: [{model_name: g, litellm_params: {model: openai/gpt-4o, api_key: k}, "
    "model_info: {";

std::shared_ptr<const Config> good(const std::string& text) {
    auto loaded = load(text);
    EXPECT_THAT(texts(loaded.problems), IsEmpty()) << text;
    return loaded.config ? std::make_shared<const Config>(std::move(*loaded.config)) : nullptr;
}

TEST(HealthSettings, nothing_is_checked_where_nothing_is_said) {
    const auto config = good("general_settings: {}\n");
    ASSERT_TRUE(config);
    const HealthSettings& health = health_settings(*config);
    EXPECT_FALSE(health.background);
    EXPECT_FALSE(health.routes());
    EXPECT_EQ(health.interval, 300s) << "LiteLLM's default";
    EXPECT_EQ(health.staleness(), 600s);
    EXPECT_TRUE(health.details);
}

TEST(HealthSettings, litellms_keys_are_read) {
    const auto config = good(R"(general_settings:
  background_health_checks: true
  health_check_interval: 30
  health_check_details: false
  health_check_concurrency: 3
  health_check_skip_disabled_background_models: true
  background_health_check_model_groups: [a, b]
  enable_health_check_routing: true
  health_check_staleness_threshold: 45
  health_check_ignore_transient_errors: true
)");
    ASSERT_TRUE(config);
    const HealthSettings& health = health_settings(*config);
    EXPECT_TRUE(health.background && health.routes() && health.skip_disabled);
    EXPECT_FALSE(health.details);
    EXPECT_EQ(health.interval, 30s);
    EXPECT_EQ(health.at_once, 3);
    EXPECT_EQ(health.groups, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(health.staleness(), 45s);
    EXPECT_EQ(health.routing.ignore_transient, true);
}

TEST(HealthSettings, routing_needs_checks_and_may_stand_in_router_settings) {
    const auto alone = good("router_settings: {enable_health_check_routing: true}\n");
    ASSERT_TRUE(alone);
    EXPECT_FALSE(health_settings(*alone).routes()) << "nobody checks";
    const auto both = good(R"(general_settings:
  background_health_checks: true
  health_check_staleness_threshold: 9
router_settings:
  enable_health_check_routing: true
  health_check_staleness_threshold: 7
)");
    ASSERT_TRUE(both);
    EXPECT_TRUE(health_settings(*both).routes());
    EXPECT_EQ(health_settings(*both).staleness(), 9s) << "general_settings go first";
}

TEST(HealthSettings, a_deployment_says_how_it_is_checked) {
    const auto config = good(std::string(kModel) +
                             "disable_background_health_check: true, health_check_timeout: 1.5, "
                             "health_check_model: openai/o, health_check_max_tokens: 5, "
                             "health_check_voice: v, health_check_params: {a: 1}}}]\n");
    ASSERT_TRUE(config);
    const ModelHealth& health = health_or_none(config->model_list.at(0).health);
    EXPECT_FALSE(health.in_background);
    EXPECT_EQ(health.timeout, 1500ms);
    EXPECT_EQ(health.model, "openai/o");
    EXPECT_EQ(health.max_tokens, 5);
    EXPECT_EQ(health.voice, "v");
    EXPECT_EQ(health.params.at("a"), 1);
    EXPECT_TRUE(config->model_list.at(0).model_info.contains("health_check_model"))
        << "and pages show it";
}

TEST(HealthSettings, what_means_nothing_is_an_error_at_its_place) {
    for (const char* setting :
         {"health_check_interval: 0", "health_check_interval: soon", "health_check_concurrency: 0",
          "background_health_checks: maybe", "health_check_details: 7",
          "background_health_check_model_groups: {a: b}"}) {
        const auto loaded = load("general_settings:\n  " + std::string(setting) + "\n");
        EXPECT_FALSE(loaded.config) << setting;
        EXPECT_THAT(texts(loaded.problems), ElementsAre(HasSubstr("c.yaml:2:"))) << setting;
    }
    for (const char* setting : {"health_check_timeout: 0", "health_check_max_tokens: many",
                                "disable_background_health_check: 3", "health_check_params: [a]"}) {
        const auto loaded = load(std::string(kModel) + setting + "}}]\n");
        EXPECT_FALSE(loaded.config) << setting;
        EXPECT_THAT(texts(loaded.problems), ElementsAre(HasSubstr("`model_info."))) << setting;
    }
}

}  // namespace
}  // namespace patchbay
