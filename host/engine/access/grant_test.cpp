#include "engine/access/grant.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/access/access_sample.hpp"
#include "engine/access/party.hpp"

namespace patchbay::access {
namespace {

using testing::HasSubstr;

using test::kNow;

GrantAsk ask(meter::Amount most = 10, std::uint32_t tokens = 5) {
    return {.model = {.asked = "fast", .group = "fast"},
            .tokens = tokens,
            .most = most,
            .now = kNow,
            .seconds = 100};
}

std::optional<Error> take(Grant& grant, std::shared_ptr<const Limits> of, const GrantAsk& ask) {
    return grant.take({&of, 1}, ask);
}

class GrantTest : public testing::Test {
  protected:
    // The type of the refusal; empty: it was let in, and is settled with this charge.
    std::string call(const store::KeyRecord& record, meter::Amount charge = 0,
                     std::int64_t tokens = 0) {
        Grant grant;
        const auto refused =
            take(grant, test::principal_of(record, *subjects, spent, terms), ask());
        if (refused) return refused->type + ": " + refused->message;
        grant.settle(charge, tokens, kNow, 100);
        return "";
    }

    // What the store says of a spender; `asked` has those that were asked for.
    SpentOf spent = [this](const store::Spender& spender, const store::BudgetDuration&) {
        asked.push_back(spender.name);
        return std::optional<std::int64_t>(already);
    };
    std::vector<std::string> asked;
    std::int64_t already = 0;
    KeyTerms terms;
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

TEST_F(GrantTest, router_settings_of_a_key_stand_in_the_place_of_its_teams) {
    const auto defaults = [&](const char* key, const char* team) {
        auto record = test::member_record(key);
        record.team.doc = team;
        return test::principal_of(record, *subjects);
    };
    const char* const of_team = R"({"router_settings":{"num_retries":1,"timeout":2,
        "model_group_alias":{"nick":{"model":"m","hidden":true}}}})";
    EXPECT_EQ(defaults("{}", of_team)->defaults.options.num_retries, 1);
    EXPECT_EQ(defaults(R"({"router_settings":{}})", of_team)->defaults.options.num_retries, 1);
    EXPECT_EQ(defaults("{}", of_team)->alias_of("nick")->model, "m");
    const auto own = defaults(R"({"router_settings":{"num_retries":3}})", of_team);
    EXPECT_EQ(own->defaults.options.num_retries, 3);
    EXPECT_FALSE(own->defaults.options.timeout) << "wholly, as in LiteLLM";
    EXPECT_FALSE(own->alias_of("nick"));
    EXPECT_FALSE(defaults(R"({"router_settings":{"num_retries":"many"}})", "{}")
                     ->defaults.options.num_retries);
}

TEST_F(GrantTest, a_users_budget_is_asked_for_keys_of_teams_where_the_configuration_says_so) {
    auto record = test::member_record();
    record.user.limits.max_nano = 100;
    EXPECT_EQ(call(record, 100), "");
    EXPECT_EQ(call(record, 100), "") << "the team pays";
    terms.user_budget_in_teams = true;
    EXPECT_THAT(call(record), HasSubstr("ExceededBudget: User=ann over budget. Spend=0.0000002"))
        << "what calls have cost before counts";
    record.user.limits.max_nano = 300;
    EXPECT_EQ(call(record, 100), "");
    EXPECT_THAT(call(record), HasSubstr("budget_exceeded"));
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

TEST_F(GrantTest, a_limit_of_a_model_that_is_no_number_allows_nothing) {
    EXPECT_THAT(call(test::key_record(R"({"metadata":{"model_rpm_limit":{"fast":"x"}}})")),
                HasSubstr("exceeded for model_per_key"));
    EXPECT_EQ(call(test::key_record(R"({"metadata":{"model_rpm_limit":{"fast":"5"}}})")), "");
    EXPECT_EQ(call(test::key_record(R"({"metadata":{"model_rpm_limit":{"fast":null}}})")), "");
}

TEST_F(GrantTest, a_budget_of_a_model_is_of_that_model_under_any_of_its_names) {
    const auto record = test::key_record(
        R"({"model_max_budget":{"fast":{"budget_limit":0.00000003,"time_period":"1d"}}})");
    EXPECT_EQ(call(record, 30), "");
    EXPECT_THAT(asked, testing::Contains("model:1:7:fast"));
    EXPECT_THAT(call(record), HasSubstr("key_alias: None, exceeded budget for model=fast"));
    const auto principal = test::principal_of(record, *subjects);
    for (const ModelNames& names : {ModelNames{"openai/fast", "g"}, {"alias", "fast"}}) {
        Grant grant;
        GrantAsk other = ask();
        other.model = names;
        EXPECT_TRUE(take(grant, principal, other)) << names.asked;
    }
    Grant grant;
    GrantAsk slow = ask();
    slow.model = {"slow", "slow"};
    EXPECT_FALSE(take(grant, principal, slow));
    int counters = 0;
    grant.each_counter([&](std::string_view) { ++counters; });
    EXPECT_EQ(counters, 0);
}

TEST_F(GrantTest, what_was_spent_with_a_model_before_counts) {
    already = 40;
    const auto record = test::key_record(R"({"model_max_budget":{"fast":0.00000005}})");
    EXPECT_EQ(call(record, 10), "");
    EXPECT_THAT(call(record), HasSubstr("exceeded budget for model=fast"));
}

TEST_F(GrantTest, of_several_budgets_each_holds_for_its_own_period) {
    const auto record =
        test::key_record(R"({"budget_limits":[{"budget_duration":"1m","max_budget":0.0000001},)"
                         R"({"budget_duration":"30m","max_budget":0.00000015}]})");
    const auto principal = test::principal_of(record, *subjects);
    const auto at = [&](int minute, meter::Amount charge) {
        GrantAsk then = ask();
        then.now += std::int64_t{minute} * 60'000'000;
        Grant grant;
        const auto refused = take(grant, principal, then);
        if (!refused) grant.settle(charge, 0, then.now, 100);
        return refused ? refused->message : "";
    };
    EXPECT_EQ(at(0, 100), "");
    EXPECT_THAT(at(0, 1), HasSubstr("Current cost: 0.0000001, Max budget: 0.0000001"));
    EXPECT_EQ(at(1, 60), "") << "the next minute";
    EXPECT_THAT(at(2, 1), HasSubstr("Current cost: 0.00000016, Max budget: 0.00000015"));
    EXPECT_EQ(at(30, 1), "") << "the next half hour";
}

TEST_F(GrantTest, documents_that_cannot_be_read_are_told_with_their_place) {
    std::string why;
    EXPECT_FALSE(
        make_principal(test::key_record(R"({"model_max_budget":{"m":{"max_budget":"x"}}})"), {},
                       *subjects, spent, kNow, why));
    EXPECT_THAT(why, HasSubstr("model_max_budget.m.max_budget: expected a number of dollars"));
    why.clear();
    const SpentOf away = [](const auto&, const auto&) { return std::nullopt; };
    EXPECT_FALSE(make_principal(test::key_record(R"({"model_max_budget":{"m":1}})"), {}, *subjects,
                                away, kNow, why));
    EXPECT_THAT(why, HasSubstr("does not say what was spent"));
}

TEST_F(GrantTest, a_customer_and_a_tag_limit_a_call_beside_its_key) {
    const auto party = [&](store::Subject kind, std::string name, store::LimitsRecord limits) {
        store::PartyRecord record{kind, 3, std::move(name), false, "{}", std::move(limits)};
        std::string why;
        return make_party(record, *subjects, spent, kNow, why);
    };
    store::LimitsRecord budget, rate;
    budget.max_nano = 10;
    budget.doc = R"({"model_max_budget":{"fast":0.000000005}})";
    rate.rpm = 1;
    const auto key = test::principal_of(test::key_record(), *subjects);
    const auto shop = party(store::Subject::customer, "shop", budget);
    const auto tag = party(store::Subject::tag, "prod", rate);
    ASSERT_TRUE(shop && tag);
    EXPECT_THAT(asked, testing::ElementsAre("model:7:shop:fast"));
    const std::vector<std::shared_ptr<const Limits>> both{key, shop};
    Grant first;
    EXPECT_FALSE(first.take(both, ask()));
    first.settle(7, 5, kNow, 100);
    Grant second;
    EXPECT_THAT(second.take(both, ask())->message,
                HasSubstr("LiteLLM End User: shop, exceeded budget for model=fast"));
    GrantAsk slow = ask();
    slow.model = {"slow", "slow"};
    Grant third;
    EXPECT_FALSE(third.take(both, slow));
    third.settle(3, 5, kNow, 100);
    Grant fourth;
    EXPECT_EQ(fourth.take(both, slow)->message,
              "ExceededBudget: End User=shop over budget. Spend=0.00000001, Budget=0.00000001");
    const std::vector<std::shared_ptr<const Limits>> tagged{key, tag};
    Grant fifth, sixth;
    EXPECT_FALSE(fifth.take(tagged, ask()));
    EXPECT_THAT(sixth.take(tagged, ask())->message, HasSubstr("Rate limit exceeded for tag: prod"));
}

TEST_F(GrantTest, bounds_of_a_budget_are_told_once_each) {
    auto record = test::key_record();
    record.limits.max_nano = 100;
    record.limits.soft_nano = 50;
    const auto principal = test::principal_of(record, *subjects);
    std::vector<int> told;
    for (const meter::Amount charge : {40, 20, 30, 5, 5, 1}) {
        Grant grant;
        (void)take(grant, principal, ask(1));
        int bounds = 0;
        for (const Crossing& crossing : grant.settle(charge, 0, kNow, 100))
            bounds |= crossing.bounds;
        told.push_back(bounds);
    }
    EXPECT_THAT(told, testing::ElementsAre(0, Allowance::kSoft, Allowance::kFifteenLeft,
                                           Allowance::kFiveLeft, Allowance::kExceeded, 0));
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
        EXPECT_FALSE(take(grant, test::principal_of(record, *subjects), ask(10)));
    }
}

TEST_F(GrantTest, no_budget_keeps_out_what_costs_nothing) {
    auto record = test::member_record();
    record.limits.max_nano = 0;
    const auto key = test::principal_of(record, *subjects, spent, terms);
    Grant refused, paid, free;
    ASSERT_TRUE(take(refused, key, ask()));
    GrantAsk costless = ask(0);
    EXPECT_EQ(take(paid, key, costless)->type, "budget_exceeded") << "a model without a price";
    costless.free = true;
    ASSERT_FALSE(take(free, key, costless));
    EXPECT_TRUE(free.only_free());
    EXPECT_TRUE(free.settle(0, 5, kNow, 100).empty());
    record.limits.max_nano = 100;
    record.limits.rpm = 0;
    Grant within;
    EXPECT_THAT(
        take(within, test::principal_of(record, *subjects, spent, terms), costless)->message,
        HasSubstr("Rate limit exceeded"))
        << "rates hold for it, too";
    EXPECT_FALSE(within.only_free());
}

TEST_F(GrantTest, what_goes_on_with_another_model_counts_for_the_limits_of_that_one) {
    const auto key = test::principal_of(
        test::key_record(
            R"({"model_rpm_limit":{"fast":1,"slow":1},"model_max_budget":{"fast":1,"dear":0}})"),
        *subjects, spent, terms);
    const auto of = [](std::string_view model) {
        GrantAsk of_it = ask();
        of_it.model = {.asked = model, .group = model};
        return of_it;
    };
    Grant first;
    ASSERT_FALSE(take(first, key, of("fast")));
    EXPECT_FALSE(first.turn_to(of("dear"))) << "its budget is used up";
    EXPECT_TRUE(first.turn_to(of("slow")));
    Grant second;
    EXPECT_THAT(take(second, key, of("slow"))->message, HasSubstr("Limit type: requests"));
    Grant third;
    EXPECT_THAT(take(third, key, of("fast"))->message, HasSubstr("Limit type: requests"))
        << "what was asked there first was a request";
    meter::Amount counted = 0;
    first.each_counter([&](std::string_view) { ++counted; });
    EXPECT_EQ(counted, 0) << "slow has no budget";
    EXPECT_TRUE(first.settle(meter::kDollar, 5, kNow, 100).empty())
        << "the budget of fast is not charged";
}

TEST(Concerns, a_limit_by_model_holds_without_its_provider_where_a_pattern_serves_it) {
    const auto holds = [](std::string model, std::string_view asked, std::string_view group) {
        Limited limited;
        limited.model = std::move(model);
        return concerns(limited, {.asked = asked, .group = group});
    };
    EXPECT_TRUE(holds("openai/gpt-4o", "gpt-4o", "openai/*"));
    EXPECT_TRUE(holds("gpt-4o", "openai/gpt-4o", "openai/*"));
    EXPECT_TRUE(holds("gpt-4o", "gpt-4o", "openai/*"));
    EXPECT_FALSE(holds("openai/gpt-4o", "gpt-4o", "gpt-4o")) << "a group of its own";
    EXPECT_FALSE(holds("azure/gpt-4o", "gpt-4o", "openai/*"));
    EXPECT_FALSE(holds("openai/gpt-4o", "gpt-4o-mini", "openai/*"));
}

TEST_F(GrantTest, what_is_given_back_was_never_taken) {
    auto record = test::key_record();
    record.limits.rpm = record.limits.parallel = 1;
    record.limits.tpm = 5;
    record.limits.max_nano = 10;
    const auto key = test::principal_of(record, *subjects);
    for (int i = 0; i < 3; ++i) {
        Grant grant;
        ASSERT_FALSE(take(grant, key, ask()));
        grant.give_back(kNow, 100);
        EXPECT_TRUE(grant.settle(7, 7, kNow, 100).empty());
    }
    EXPECT_EQ(key->key().requests.used(100), 0);
    EXPECT_EQ(key->key().tokens.used(100), 0);
    EXPECT_EQ(key->key().budget.spent(), 0);
    EXPECT_EQ(key->key().in_flight, 0);
}

}  // namespace
}  // namespace patchbay::access
