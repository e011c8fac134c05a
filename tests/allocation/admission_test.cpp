// Asking and settling the limits of a key that is a member's in a team of an organization costs no allocation, also where
// gateways share them, nor does looking whether a request names a customer, nor asking for a model's capacity.
#include <gtest/gtest.h>

#include "allocations.hpp"
#include "engine/access/access_sample.hpp"
#include "engine/access/grant.hpp"
#include "engine/access/name_filter.hpp"
#include "engine/call/capacity_grant.hpp"
#include "engine/call/end_user.hpp"
#include "engine/surface/request_scan.hpp"

namespace patchbay {
namespace {

// As if other gateways had the rest of each limit.
void share(const access::Limits& limits) {
    for (const access::Limited& limited : limits.limits) {
        access::Subject& subject = *limited.subject;
        subject.budget.share(1'000'000, 1'000'000);
        subject.parallel_share = 10;
        for (access::RateWindow* window : {&subject.requests, &subject.tokens}) {
            window->share.use(1'000, 2);
        }
    }
}

TEST(Admission, a_call_that_no_customer_and_no_tag_concerns_costs_no_allocation) {
    access::SubjectTable subjects;
    const std::shared_ptr<const access::Limits> key =
        access::test::principal_of(access::test::limited_member(), subjects);
    const auto scan =
        scan_request(R"({"model":"m","messages":[{"role":"user","content":"x"}],"temperature":1})",
                     kMessagesForm);
    ASSERT_TRUE(scan);
    access::NameFilter filter;
    filter.add("shop");
    access::GrantAsk ask{.model = {.asked = "m", .group = "m"},
                         .tokens = 5,
                         .most = 10,
                         .now = access::test::kNow,
                         .seconds = 100};
    const std::size_t before = allocations();
    for (int i = 0; i < 200; ++i) {
        if (i == 100) share(*key);
        ASSERT_TRUE(end_user_of({}, scan->members, {}).empty());
        ASSERT_FALSE(filter.may_have("other"));
        access::Grant grant;
        ASSERT_FALSE(grant.take({&key, 1}, ask));
        ASSERT_TRUE(grant.settle(1, 5, ask.now, ask.seconds).empty());
    }
    EXPECT_EQ(allocations() - before, 0u);
}

TEST(Admission, a_priority_and_its_share_of_a_model_cost_no_allocation) {
    Capacities capacities;
    GroupCapacity group{"m", capacities.hold("m")};
    group.reserved = {{"dev", capacities.hold("m\ndev")}, {"prod", capacities.hold("m\nprod")}};
    group.others = capacities.hold("m\n");
    group.threshold = 0.5;
    const Capacities::Limit wide{.rpm = 1'000'000, .tpm = 1'000'000};
    capacities.limit({{"m", wide}, {"m\ndev", wide}, {"m\nprod", wide}, {"m\n", wide}});
    const std::size_t before = allocations();
    for (int i = 0; i < 200; ++i) {
        if (i == 100) group.threshold = 0;
        for (const char* priority : {"prod", "dev", "", "nobody's"}) {
            CapacityGrant grant;
            ASSERT_FALSE(grant.take(group, {priority, 5, 100'000}));
            grant.settle(7, 100'001);
        }
    }
    EXPECT_EQ(allocations() - before, 0u);
}

}  // namespace
}  // namespace patchbay
