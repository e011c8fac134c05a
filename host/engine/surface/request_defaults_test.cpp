#include "engine/surface/request_defaults.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/surface/request_fallbacks.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

Result<RequestDefaults> defaults_of(std::string_view settings) {
    return read_request_defaults(json::parse(settings).as_object());
}

TEST(RequestDefaults, set_what_a_request_does_not_say) {
    const auto defaults = defaults_of(R"({"num_retries":3,"timeout":1.5,"fallbacks":[{"a":["b"]}],
        "model_group_retry_policy":{"a":{"RateLimitErrorRetries":4,"unknown":1}},"cooldown_time":9})");
    ASSERT_TRUE(defaults) << defaults.error().message;
    RequestOptions request;
    defaults->fill_in(request);
    EXPECT_EQ(request.num_retries, 3);
    EXPECT_EQ(request.timeout, 1500ms);
    ASSERT_TRUE(defaults->gave_fallbacks(request));
    EXPECT_THAT(request.fallbacks->by_group.general.at("a"), testing::ElementsAre("b"));
    ASSERT_TRUE(request.retry_policies);
    EXPECT_EQ(request.retry_policies->at("a").find(PolicyClass::rate_limit), 4);
}

TEST(RequestDefaults, leave_what_a_request_says) {
    const auto defaults = defaults_of(R"({"num_retries":3,"timeout":1.5,"fallbacks":["b"]})");
    ASSERT_TRUE(defaults);
    RequestOptions request;
    request.num_retries = 0;
    request.timeout = 7s;
    request.fallbacks = std::make_shared<RequestFallbacks>();
    defaults->fill_in(request);
    EXPECT_EQ(request.num_retries, 0);
    EXPECT_EQ(request.timeout, 7s);
    EXPECT_TRUE(request.fallbacks->list.empty());
    EXPECT_FALSE(defaults->gave_fallbacks(request));
}

TEST(RequestDefaults, of_nothing_are_none) {
    const auto defaults =
        defaults_of(R"({"num_retries":null,"fallbacks":null,"routing_strategy":"x"})");
    ASSERT_TRUE(defaults);
    RequestOptions request;
    defaults->fill_in(request);
    EXPECT_FALSE(request.num_retries);
    EXPECT_FALSE(request.fallbacks);
    EXPECT_FALSE(defaults->gave_fallbacks(request));
}

TEST(RequestDefaults, what_is_wrong_is_told_with_its_place) {
    for (const auto& [settings, place] : std::initializer_list<std::pair<const char*, const char*>>{
             {R"({"num_retries":"3"})", "num_retries"},
             {R"({"timeout":-1})", "timeout"},
             {R"({"fallbacks":{"a":"b"}})", "fallbacks"},
             {R"({"fallbacks":[{"model":"b","api_base":"http://x"}]})", "fallbacks.api_base"},
             {R"({"model_group_retry_policy":[]})", "model_group_retry_policy"},
             {R"({"model_group_retry_policy":{"a":3}})", "model_group_retry_policy.a"},
             {R"({"model_group_retry_policy":{"a":{"TimeoutErrorRetries":-1}}})",
              "model_group_retry_policy.a.TimeoutErrorRetries"}}) {
        const auto defaults = defaults_of(settings);
        ASSERT_FALSE(defaults) << settings;
        EXPECT_EQ(defaults.error().param, place);
    }
}

}  // namespace
}  // namespace patchbay
