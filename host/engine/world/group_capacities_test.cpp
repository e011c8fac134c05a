#include "engine/world/group_capacities.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Of = PriorityShare::Of;

constexpr std::int64_t kNone = Capacity::kNone;

/// A world with one model, and what it says.
class GroupCapacitiesTest : public testing::Test {
  protected:
    void deploy(std::optional<std::int64_t> rpm, std::optional<std::int64_t> tpm) {
        auto made = std::make_unique<Deployment>();
        made->rpm = rpm;
        made->tpm = tpm;
        group.deployments.push_back(made.get());
        deployments.push_back(std::move(made));
    }
    void build() {
        problems.clear();
        config.litellm.load_limiter.text = "dynamic_rate_limiter_v3";
        config.litellm.priorities = std::make_shared<const PrioritySettings>(settings);
        GroupCapacities made(config, capacities, problems);
        group.capacity = nullptr;
        made.add(group);
        made.limit();
    }
    // Requests and tokens of each share, and of the others.
    std::string shares() const {
        std::string text;
        const auto add = [&](std::string_view name, const Capacity& of) {
            text.append(text.empty() ? "" : " ").append(name).append("=");
            text += std::to_string(of.rpm) + "/" + std::to_string(of.tpm);
        };
        for (const auto& [name, share] : group.capacity->reserved) add(name, *share);
        if (group.capacity->others) add("else", *group.capacity->others);
        return text;
    }

    Config config;
    PrioritySettings settings;
    ModelGroup group{"gpt"};
    std::vector<std::unique_ptr<Deployment>> deployments;
    std::shared_ptr<Capacities> capacities = std::make_shared<Capacities>();
    std::vector<Problem> problems;
};

TEST_F(GroupCapacitiesTest, a_model_takes_what_its_deployments_take_together) {
    deploy(60, std::nullopt);
    deploy(40, 1'000);
    deploy(std::nullopt, std::nullopt);
    build();
    ASSERT_TRUE(group.capacity);
    EXPECT_EQ(group.capacity->whole->rpm, 100);
    EXPECT_EQ(group.capacity->whole->tpm, 1'000);
    EXPECT_EQ(group.capacity->others, nullptr) << "nothing is reserved";
    EXPECT_THAT(problems, IsEmpty());
}

TEST_F(GroupCapacitiesTest, shares_by_what_they_are_of) {
    struct Row {
        std::vector<PriorityShare> shares;
        std::optional<std::int64_t> rpm, tpm;
        const char* made;
        int told;
    };
    const PriorityShare prod{"prod", Of::percent, 0.75, {}}, dev{"dev", Of::percent, 0.25, {}};
    for (const Row& row : {
             Row{{prod, dev}, 100, 1'000, "dev=25/250 prod=75/750 else=25/250", 0},
             Row{{prod, dev}, 10, std::nullopt, "dev=2/-1 prod=7/-1 else=2/-1", 0},
             Row{{{"prod", Of::percent, 0.29, {}}}, 100, std::nullopt, "prod=29/-1 else=25/-1", 0},
             // Requests are a part of the tokens, too.
             Row{{{"prod", Of::rpm, 60, {}}}, 100, 1'000, "prod=60/600 else=25/250", 0},
             Row{{{"prod", Of::tpm, 100, {}}, dev},
                 100,
                 1'000,
                 "dev=25/250 prod=10/100 else=25/250",
                 0},
             // More than all: divided by the sum. Of percents the file was told.
             Row{{{"prod", Of::percent, 90, {}}, {"dev", Of::percent, 10, {}}},
                 100,
                 std::nullopt,
                 "dev=10/-1 prod=90/-1 else=25/-1",
                 0},
             Row{{{"prod", Of::rpm, 150, {}}, {"dev", Of::rpm, 50, {}}},
                 100,
                 std::nullopt,
                 "dev=25/-1 prod=75/-1 else=25/-1",
                 1},
             // Of what the model does not have nothing can be a part.
             Row{{{"prod", Of::tpm, 100, {}}, dev}, 100, std::nullopt, "dev=25/-1 else=25/-1", 1},
         }) {
        deployments.clear();
        group.deployments.clear();
        deploy(row.rpm, row.tpm);
        settings.shares = row.shares;
        build();
        ASSERT_TRUE(group.capacity);
        EXPECT_EQ(shares(), row.made);
        EXPECT_EQ(problems.size(), static_cast<std::size_t>(row.told)) << row.made;
    }
    EXPECT_THAT(problems.front().message, HasSubstr("the model 'gpt' has no tpm, so 'prod'"));
}

TEST_F(GroupCapacitiesTest, who_has_no_rate_is_not_limited_and_that_is_told) {
    deploy(std::nullopt, std::nullopt);
    build();
    EXPECT_EQ(group.capacity, nullptr);
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_THAT(problems.front().message,
                HasSubstr("no model has rpm or tpm, so 'dynamic_rate_limiter_v3' limits nothing"));
}

TEST_F(GroupCapacitiesTest, a_reload_changes_limits_and_keeps_what_was_counted) {
    deploy(100, std::nullopt);
    settings.shares = {{"prod", Of::percent, 0.5, {}}};
    build();
    const auto before = group.capacity;
    (void)before->part("prod")->requests.add(7, 100'000);
    deploy(100, std::nullopt);
    settings.shares = {{"prod", Of::percent, 0.25, {}}};
    build();
    EXPECT_EQ(group.capacity->part("prod"), before->part("prod"));
    EXPECT_EQ(group.capacity->part("prod")->rpm, 50);
    EXPECT_EQ(group.capacity->part("prod")->requests.used(100'000), 7);

    // Whoever still has the world of before is not limited by it any more.
    config.litellm.priorities = nullptr;
    GroupCapacities none(config, capacities, problems);
    none.add(group);
    none.limit();
    EXPECT_EQ(before->whole->rpm, kNone);
    EXPECT_EQ(before->part("prod")->rpm, kNone);
}

}  // namespace
}  // namespace patchbay
