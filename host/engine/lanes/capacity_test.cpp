#include "engine/lanes/capacity.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

constexpr std::uint32_t kSeconds = 1'000'000;

TEST(Capacities, limits_come_and_go_and_what_was_counted_stays) {
    Capacities capacities;
    const auto gpt = capacities.hold("gpt");
    EXPECT_EQ(gpt->rpm, Capacity::kNone);
    EXPECT_TRUE(capacities.limited().empty());
    capacities.limit({{"gpt", {.rpm = 10}}, {"other", {.tpm = 5}}});
    EXPECT_EQ(capacities.limited().size(), 2u);
    (void)gpt->requests.add(3, kSeconds);
    capacities.limit({{"gpt", {.rpm = 4, .tpm = 100}}});
    EXPECT_EQ(capacities.hold("gpt"), gpt);
    EXPECT_EQ(gpt->rpm, 4);
    EXPECT_EQ(gpt->tpm, 100);
    EXPECT_EQ(gpt->requests.used(kSeconds), 3);
    EXPECT_EQ(capacities.hold("other")->tpm, Capacity::kNone);
    ASSERT_EQ(capacities.limited().size(), 1u);
}

TEST(Capacity, all_counts_are_of_the_same_minutes) {
    Capacities capacities;
    const Capacity &whole = *capacities.hold("gpt"), &part = *capacities.hold("gpt\ndev");
    for (std::uint32_t now = kSeconds; now < kSeconds + 120; ++now) {
        ASSERT_EQ(whole.requests.left(now), part.requests.left(now));
        ASSERT_EQ(whole.requests.left(now), part.tokens.left(now));
    }
}

TEST(Capacity, is_used_by_the_greater_of_requests_and_tokens_those_of_other_gateways_too) {
    Capacity gpt("gpt", 1);
    EXPECT_EQ(gpt.used(7, 700, kSeconds), 0) << "without a limit";
    gpt.rpm = 10;
    EXPECT_DOUBLE_EQ(gpt.used(7, 700, kSeconds), 0.7);
    gpt.tpm = 800;
    EXPECT_DOUBLE_EQ(gpt.used(7, 700, kSeconds), 0.875);
    gpt.requests.share.set_others(gpt.requests.share.minute(kSeconds), 2);
    EXPECT_DOUBLE_EQ(gpt.used(7, 700, kSeconds), 0.9);
}

TEST(GroupCapacity, who_has_no_share_has_that_of_the_others) {
    Capacities capacities;
    GroupCapacity group{"gpt", capacities.hold("gpt")};
    EXPECT_EQ(group.part("dev"), nullptr) << "nothing is reserved";
    group.reserved = {{"dev", capacities.hold("gpt\ndev")}, {"prod", capacities.hold("gpt\nprod")}};
    group.others = capacities.hold("gpt\n");
    EXPECT_EQ(group.part("prod"), capacities.hold("gpt\nprod").get());
    EXPECT_EQ(group.share_of("prod"), "prod");
    for (const char* other : {"", "pro", "Prod"}) {
        EXPECT_EQ(group.part(other), group.others.get()) << other;
        EXPECT_EQ(group.share_of(other), "") << other;
    }
}

}  // namespace
}  // namespace patchbay
