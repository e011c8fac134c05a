// The capacity of a model, and shares of it by priority, that gateways have together.
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "engine/call/capacity_grant.hpp"
#include "engine/shared/lease_fixture.hpp"

namespace patchbay {
namespace {

constexpr std::int64_t kRpm = 200;
const Capacities::Limits kLimits{
    {"gpt", {.rpm = kRpm}}, {"gpt\ndev", {.rpm = 40}}, {"gpt\nprod", {.rpm = 100}}};

struct Node {
    Node(test::World& world, const std::string& name) : gateway(world, name) {
        capacities.limit(kLimits);
        group.whole = capacities.hold("gpt");
        group.reserved = {{"dev", capacities.hold("gpt\ndev")},
                          {"prod", capacities.hold("gpt\nprod")}};
        group.others = capacities.hold("gpt\n");
        group.threshold = 0.5;
        gateway.share(capacities);
    }
    bool take(const char* priority, std::uint32_t now) {
        CapacityGrant grant;
        return !grant.take(group, {priority, 1, now});
    }

    test::Gateway gateway;
    Capacities capacities;
    GroupCapacity group;
};

TEST(LeasedCapacity, gateways_keep_a_model_to_its_capacity_and_each_priority_to_its_share) {
    test::World world;
    Node one(world, "n1"), two(world, "n2");
    std::map<std::uint32_t, std::map<std::string, std::int64_t>> taken;
    for (int step = 0; step < 24'000; ++step, world.pass()) {
        for (Node* node : {&one, &two}) node->gateway.run();
        if (step < 200 || step % 4 != 0) continue;
        const auto now = static_cast<std::uint32_t>(world.ms / 1000);
        auto& minute = taken[one.group.whole->requests.share.minute(now)];
        // dev's calls come to one gateway, prod's to the other; dev's are more.
        for (int i = 0; i < 2; ++i) minute["dev"] += one.take("dev", now);
        minute["prod"] += two.take("prod", now);
    }
    taken.erase(taken.begin());
    taken.erase(std::prev(taken.end()));
    ASSERT_GE(taken.size(), 2u);
    for (auto& [minute, of] : taken) {
        EXPECT_LE(of["dev"] + of["prod"], kRpm) << minute;
        // A half is anybody's, and what the others have used is known a second later.
        EXPECT_GE(of["dev"], 40) << minute;
        EXPECT_GE(of["prod"], 100 - 1) << minute << ": dev takes nothing of what is prod's";
        EXPECT_EQ(of["dev"] + of["prod"] >= kRpm / 2, true) << minute;
    }
}

TEST(LeasedCapacity, what_has_no_limit_is_not_shared) {
    test::World world;
    Capacities capacities;
    const auto gpt = capacities.hold("gpt");
    unsigned have = 0;
    EXPECT_TRUE(leased_counts(gpt, have).empty());
    capacities.limit({{"gpt", {.rpm = 10, .tpm = 100}}});
    auto counts = leased_counts(gpt, have);
    EXPECT_EQ(counts.size(), 4u) << "requests and tokens of two minutes";
    EXPECT_TRUE(leased_counts(gpt, have).empty()) << "they are shared already";
    for (const auto& count : counts) count->use({2, 1'000}, world.now());
    capacities.limit({});
    for (const auto& count : counts) EXPECT_FALSE(count->look(world.now()));
}

}  // namespace
}  // namespace patchbay
