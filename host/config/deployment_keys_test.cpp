#include "config/deployment_keys.hpp"

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

TEST(DeploymentKeys, a_deployment_is_for_the_environments_that_it_names) {
    const std::string list =
        "model_list:\n"
        "  - model_name: a\n"
        "    litellm_params: {model: p/m, api_key: os.environ/NOT_HERE}\n"
        "    model_info: {supported_environments: [production]}\n"
        "  - model_name: b\n"
        "    litellm_params: {model: p/m}\n"
        "    model_info: {supported_environments: [development, staging]}\n"
        "  - model_name: c\n"
        "    litellm_params: {model: p/m}\n";
    const auto names = [](const LoadedConfig& loaded) {
        std::string all;
        for (const auto& one : loaded.config->model_list) all += one.model_name;
        return all;
    };
    const auto staging = load(list, {{"LITELLM_ENVIRONMENT", "staging"}});
    EXPECT_THAT(texts(staging.problems), IsEmpty()) << "nothing is asked of what is not for here";
    EXPECT_EQ(names(staging), "bc");
    const auto nowhere = load(list);
    EXPECT_EQ(names(nowhere), "c");
    EXPECT_THAT(
        texts(nowhere.problems),
        ElementsAre(HasSubstr("LITELLM_ENVIRONMENT is not set: this deployment is left out"),
                    HasSubstr("c.yaml:7:")));
    for (const char* wrong : {"[prod]", "production", "[production, 1]"}) {
        EXPECT_FALSE(load("model_list:\n  - model_name: a\n    litellm_params: {model: p/m}\n"
                          "    model_info: {supported_environments: " +
                              std::string(wrong) + "}\n",
                          {{"LITELLM_ENVIRONMENT", "production"}})
                         .config)
            << wrong;
    }
}

TEST(DeploymentKeys, a_service_tier_may_have_timeouts_of_its_own) {
    const auto with = [](const std::string& params) {
        return "model_list: [{model_name: m, litellm_params: {model: p/m, " + params + "}}]\n";
    };
    const auto loaded =
        load(with("timeout_by_service_tier: {flex: 900, priority: 1.5}, "
                  "stream_timeout_by_service_tier: {flex: 60}"));
    EXPECT_THAT(loaded.problems, IsEmpty());
    const DeploymentConfig& d = loaded.config->model_list.at(0);
    EXPECT_EQ(d.tier_timeouts.at("flex"), std::chrono::seconds(900));
    EXPECT_EQ(d.tier_timeouts.at("priority"), std::chrono::milliseconds(1'500));
    EXPECT_EQ(d.tier_stream_timeouts.at("flex"), std::chrono::seconds(60));
    EXPECT_TRUE(d.params.empty());
    EXPECT_THAT(texts(load(with("timeout_by_service_tier: {flex: long}")).problems),
                ElementsAre(HasSubstr("expected a number of seconds")));
    EXPECT_THAT(texts(load(with("timeout_by_service_tier: 9")).problems),
                ElementsAre(HasSubstr("`litellm_params.timeout_by_service_tier`")));
}

TEST(DeploymentKeys, what_is_litellms_own_and_not_done_goes_to_no_provider) {
    const auto loaded = load(
        "model_list:\n  - model_name: m\n    litellm_params:\n      model: p/m\n      rpd: 100\n   "
        "   daily_reset_time: '04:00'\n");
    ASSERT_TRUE(loaded.config);
    const auto& read = loaded.config->model_list.front();
    EXPECT_TRUE(read.defaults.empty());
    EXPECT_TRUE(read.params.empty());
    EXPECT_THAT(texts(loaded.problems),
                ElementsAre(HasSubstr("so load is not limited by it"),
                            HasSubstr("not done by Patchbay yet: ignored")));
}

}  // namespace
}  // namespace patchbay
