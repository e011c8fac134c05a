#include "gateway/capacity_headers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/call/capacity_grant.hpp"

namespace patchbay::gateway {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string head_of(const CapacityGrant& grant) {
    ResponseHead head(200);
    add_capacity_headers(head, grant);
    return std::move(head).with_length(0, true);
}

TEST(CapacityHeaders, tell_the_model_and_the_share_and_what_refused) {
    Capacities capacities;
    GroupCapacity group{"gpt", capacities.hold("gpt")};
    group.reserved.emplace_back("dev", capacities.hold("gpt\ndev"));
    group.others = capacities.hold("gpt\n");
    group.threshold = 0.4;
    capacities.limit({{"gpt", {.rpm = 10, .tpm = 1000}}, {"gpt\ndev", {.rpm = 4, .tpm = 400}}});
    const std::uint32_t now = meter::RateWindow::clock();
    for (int i = 0; i < 3; ++i) (void)group.whole->requests.add(1, now);

    CapacityGrant in, out;
    EXPECT_EQ(head_of(in).find("x-litellm-priority"), std::string::npos) << "nobody was asked";
    ASSERT_FALSE(in.take(group, {.priority = "dev", .tokens = 100, .now = now}));
    EXPECT_THAT(head_of(in),
                AllOf(HasSubstr("x-litellm-priority: dev\r\n"),
                      HasSubstr("x-litellm-rate-limiter-version: v3\r\n"),
                      HasSubstr("x-ratelimit-model_saturation_check-limit-requests: 10\r\n"),
                      HasSubstr("x-ratelimit-model_saturation_check-remaining-requests: 6\r\n"),
                      HasSubstr("x-ratelimit-model_saturation_check-remaining-tokens: 900\r\n"),
                      HasSubstr("x-ratelimit-priority_model-limit-requests: 4\r\n"),
                      HasSubstr("x-ratelimit-priority_model-remaining-requests: 3\r\n"),
                      HasSubstr("x-ratelimit-priority_model-remaining-tokens: 300\r\n"),
                      Not(HasSubstr("rate_limit_type")), Not(HasSubstr("x-litellm-saturation"))));

    (void)group.part("dev")->requests.add(3, now);
    ASSERT_TRUE(out.take(group, {.priority = "dev", .tokens = 100, .now = now}));
    EXPECT_THAT(head_of(out), AllOf(HasSubstr("rate_limit_type: requests\r\n"),
                                    HasSubstr("x-litellm-saturation: 40.00%\r\n"),
                                    HasSubstr("x-ratelimit-priority_model-remaining-requests: 0")));
}

}  // namespace
}  // namespace patchbay::gateway
