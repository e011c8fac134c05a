#include "engine/access/grant.hpp"

#include <chrono>
#include <iostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/access/access_sample.hpp"

namespace patchbay::access {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kNow = 1'795'907'153'000'000;

GrantAsk ask(meter::Amount most = 10, std::uint32_t tokens = 5) {
    return {.model = "fast", .tokens = tokens, .most = most, .now = kNow, .seconds = 100};
}

class GrantTest : public testing::Test {
  protected:
    // The type of the refusal; empty: it was let in, and is settled with this charge.
    std::string call(const store::KeyRecord& record, meter::Amount charge = 0,
                     std::int64_t tokens = 0) {
        Grant grant;
        const auto refused = grant.take(test::principal_of(record, *subjects), ask());
        if (refused) return refused->type + ": " + refused->message;
        grant.settle(charge, tokens, kNow, 100);
        return "";
    }

    std::unique_ptr<SubjectTable> subjects = std::make_unique<SubjectTable>();
};

TEST_F(GrantTest, each_limit_refuses_in_its_words) {
    struct Row {
        std::string name;
        store::LimitsRecord store::KeyRecord::*key;
        store::LimitsRecord limits;
        std::string words;
    };
    store::LimitsRecord rpm, tpm, parallel, budget;
    rpm.rpm = 1;
    tpm.tpm = 5;
    parallel.parallel = 0;
    budget.max_nano = 0;
    const auto in_member = &store::KeyRecord::member;
    const auto in_key = &store::KeyRecord::limits;
    for (const Row& row : {
             Row{"rpm", in_key, rpm, "Rate limit exceeded for api_key: abab"},
             Row{"tpm", in_key, tpm, "Limit type: tokens. Current limit: 5, Remaining: 0."},
             Row{"parallel", in_key, parallel, "Limit type: max_parallel_requests."},
             Row{"budget", in_key, budget,
                 "budget_exceeded: Budget has been exceeded! Current cost: 0, Max budget: 0"},
             Row{"member", in_member, rpm, "Rate limit exceeded for team_member: red:ann"},
             Row{"member's budget", in_member, budget,
                 "budget_exceeded: Budget has been exceeded! User=ann in Team=red Current cost: 0"},
         }) {
        subjects = std::make_unique<SubjectTable>();
        auto record = test::member_record();
        record.*row.key = row.limits;
        (void)call(record, 0, 5);
        EXPECT_THAT(call(record), HasSubstr(row.words)) << row.name;
    }
}

TEST_F(GrantTest, a_refusal_counts_nothing) {
    auto record = test::member_record();
    record.limits.rpm = 5;
    record.limits.tpm = 100;
    record.limits.parallel = 5;
    record.limits.max_nano = 100;
    record.team.limits.rpm = 0;
    EXPECT_THAT(call(record), HasSubstr("exceeded for team: red"));
    const auto principal = test::principal_of(record, *subjects);
    const Subject& key = principal->key();
    EXPECT_EQ(key.requests.used(100), 0);
    EXPECT_EQ(key.tokens.used(100), 0);
    EXPECT_EQ(key.in_flight, 0);
    record.team.limits.rpm = 1;
    EXPECT_EQ(call(record, 100), "") << "nothing of the budget was held";
}

TEST_F(GrantTest, what_a_call_costs_is_counted_for_all_who_owe_it) {
    auto record = test::member_record();
    record.limits.max_nano = record.user.limits.max_nano = record.team.limits.max_nano =
        record.organization.limits.max_nano = record.member.max_nano = 1000;
    EXPECT_EQ(call(record, 30), "");
    const auto principal = test::principal_of(record, *subjects);
    for (const auto& limited : principal->limits) {
        EXPECT_EQ(limited.subject->budget.spent(), 30) << limited.subject->descriptor;
    }
}

TEST_F(GrantTest, a_user_whose_budget_is_used_up_goes_on_with_a_teams_key) {
    auto record = test::member_record();
    record.user.limits.max_nano = 0;
    EXPECT_EQ(call(record), "");
    record.team = {};
    EXPECT_THAT(call(record), HasSubstr("ExceededBudget: User=ann over budget."));
}

TEST_F(GrantTest, an_administrators_key_has_no_limits) {
    auto record = test::key_record();
    record.user = {.id = 1, .name = "root", .alias = {}, .doc = "{}", .limits = {}};
    record.role = "proxy_admin";
    record.limits.rpm = 0;
    record.limits.max_nano = 0;
    EXPECT_EQ(call(record), "");
}

TEST_F(GrantTest, limits_of_a_model_are_of_that_model) {
    const auto record = test::key_record(R"({"metadata":{"model_rpm_limit":{"fast":1,"slow":0}}})");
    EXPECT_EQ(call(record), "");
    EXPECT_THAT(call(record), HasSubstr("exceeded for model_per_key: abab"));
}

TEST_F(GrantTest, tokens_are_corrected_to_what_was_used) {
    auto record = test::key_record();
    record.limits.tpm = 100;
    EXPECT_EQ(call(record, 0, 80), "");
    EXPECT_EQ(test::principal_of(record, *subjects)->key().tokens.used(100), 80);
}

TEST_F(GrantTest, keys_of_a_team_share_its_limits) {
    auto record = test::member_record();
    record.team.limits.rpm = 1;
    EXPECT_EQ(call(record), "");
    record.id = 8;
    EXPECT_THAT(call(record), HasSubstr("exceeded for team: red"));
}

TEST_F(GrantTest, a_call_that_is_never_settled_gives_back_what_it_took) {
    auto record = test::key_record();
    record.limits.parallel = 1;
    record.limits.max_nano = 10;
    for (int i = 0; i < 3; ++i) {
        Grant grant;
        EXPECT_FALSE(grant.take(test::principal_of(record, *subjects), ask(10)));
    }
}

TEST_F(GrantTest, all_limits_together_cost_less_than_a_microsecond) {
    auto record = test::member_record();
    store::LimitsRecord limits;
    limits.rpm = limits.tpm = 1'000'000'000;
    limits.parallel = 1000;
    limits.max_nano = 1'000'000'000'000;
    record.limits = record.user.limits = record.team.limits = record.organization.limits =
        record.member = limits;
    const auto principal = test::principal_of(record, *subjects);
    constexpr int kCalls = 100'000;
    auto best = std::chrono::nanoseconds::max();
    for (int round = 0; round < 5; ++round) {
        const auto start = std::chrono::steady_clock::now();
        for (int i = 0; i < kCalls; ++i) {
            Grant grant;
            ASSERT_FALSE(grant.take(principal, ask()));
            grant.settle(1, 5, kNow, 100);
        }
        best = std::min(best, (std::chrono::steady_clock::now() - start) / kCalls);
    }
    std::cout << best.count() << " ns for the 20 limits of a member's key\n";
    EXPECT_LT(best, std::chrono::microseconds(10)) << "far from what was measured, on any machine";
}

}  // namespace
}  // namespace patchbay::access
