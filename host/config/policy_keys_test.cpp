#include "config/policy_keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/test_support.hpp"

namespace patchbay {
namespace {

using config_test::load;
using config_test::problems_of;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string entry(const std::string& info, const std::string& params = "") {
    return "model_list: [{model_name: m, litellm_params: {model: p/m" + params +
           "}, model_info: {" + info + "}}]\n";
}

TEST(PolicyKeys, a_deployment_says_in_its_model_info_when_it_rests) {
    const auto loaded =
        load(entry("id: x, allowed_fails: 2, cooldown_time: 7, allowed_fails_policy: "
                   "{RateLimitErrorAllowedFails: 9, BadRequestErrorAllowedFails: 1}",
                   ", cooldown_time: 3"));
    EXPECT_THAT(loaded.problems, IsEmpty());
    const DeploymentConfig& d = loaded.config->model_list.at(0);
    EXPECT_EQ(d.allowed_fails.any, 2);
    EXPECT_EQ(d.allowed_fails.policy.find(PolicyClass::rate_limit), 9);
    EXPECT_EQ(d.allowed_fails.policy.find(PolicyClass::bad_request), 1);
    EXPECT_EQ(d.allowed_fails.policy.find(PolicyClass::timeout), std::nullopt);
    EXPECT_EQ(d.cooldown_time, milliseconds(7'000)) << "model_info goes first";
    const auto params = load(entry("id: x", ", cooldown_time: 3"));
    EXPECT_EQ(params.config->model_list.at(0).cooldown_time, milliseconds(3'000));
    EXPECT_EQ(params.config->model_list.at(0).allowed_fails.any, std::nullopt);
}

TEST(PolicyKeys, numbers_of_failures_elsewhere_are_told) {
    EXPECT_THAT(problems_of(entry("id: x", ", allowed_fails: 2")),
                ElementsAre(HasSubstr("warning: `litellm_params.allowed_fails` is read in "
                                      "`model_info` alone, as in LiteLLM: ignored")));
    EXPECT_THAT(problems_of(entry("id: x", ", allowed_fails_policy: {}")),
                ElementsAre(HasSubstr("`litellm_params.allowed_fails_policy` is read in")));
    EXPECT_THAT(problems_of("model_list: [{model_name: m, litellm_params: {model: p/m}, "
                            "allowed_fails: 2}]"),
                ElementsAre(HasSubstr("`model_list.allowed_fails` is read in `model_info` alone")));
    EXPECT_THAT(problems_of(entry("allowed_fails_policy: {TimeoutAllowedFails: 1}")),
                ElementsAre(HasSubstr("`model_info.allowed_fails_policy`: this key is not known")));
    EXPECT_THAT(problems_of(entry("allowed_fails: many")),
                ElementsAre(HasSubstr("error: `model_info.allowed_fails`: expected")));
}

}  // namespace
}  // namespace patchbay
