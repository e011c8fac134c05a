#include "engine/access/key_terms.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config.hpp"
#include "config/priority_settings.hpp"
#include "config/routing_group.hpp"
#include "engine/access/access_sample.hpp"
#include "engine/access/grant.hpp"

namespace patchbay::access {
namespace {

constexpr std::uint32_t kSecond = 100;

class KeyTermsTest : public testing::Test {
  protected:
    // What refuses the second of two calls, each of 5 tokens: a descriptor and the kind of limit; empty: nothing.
    std::string refused(const store::KeyRecord& record, const ModelNames& model) {
        const auto principal = test::principal_of(record, *subjects, test::nothing_spent, terms);
        Grant first, second;
        const std::shared_ptr<const Limits> of = principal;
        const GrantAsk ask{.model = model, .tokens = 5, .now = test::kNow, .seconds = kSecond};
        EXPECT_FALSE(first.take({&of, 1}, ask));
        const auto error = second.take({&of, 1}, ask);
        subjects = std::make_unique<SubjectTable>();
        if (!error) return "";
        const auto word = [&](std::string_view before) {
            const std::size_t begin = error->message.find(before) + before.size();
            return error->message.substr(begin, error->message.find_first_of(":.", begin) - begin);
        };
        return word("exceeded for ") + " " + word("Limit type: ");
    }

    KeyTerms terms{.rates = {{"fast", {.rpm = 1, .tpm = {}}}, {"slow", {.rpm = {}, .tpm = 9}}}};
    std::unique_ptr<SubjectTable> subjects = std::make_unique<SubjectTable>();
};

TEST_F(KeyTermsTest,
       of_several_deployments_of_a_model_or_a_routing_group_the_smallest_rate_counts) {
    Config config;
    const auto add = [&](const char* name, std::optional<std::int64_t> rpm,
                         std::optional<std::int64_t> tpm) {
        DeploymentConfig& made = config.model_list.emplace_back();
        made.model_name = name;
        made.key_rpm = rpm;
        made.key_tpm = tpm;
    };
    add("m", 5, std::nullopt);
    add("m", 3, 100);
    add("m", std::nullopt, 200);
    add("n", 2, std::nullopt);
    RoutingGroup both{"both", {{"m", {}}, {"n", {}}, {"gone", {}}}, {}, {}, {}};
    RoutingGroup none{"none", {{"gone", {}}}, {}, {}, {}};
    config.router.routing_groups =
        std::make_shared<const std::vector<RoutingGroup>>(std::vector{both, none});
    add("free", std::nullopt, std::nullopt);
    const KeyTerms made = key_terms(config);
    EXPECT_EQ(made.rates, (RatesByModel{{"both", {.rpm = 2, .tpm = 100}},
                                        {"m", {.rpm = 3, .tpm = 100}},
                                        {"n", {.rpm = 2, .tpm = {}}}}));
}

TEST_F(KeyTermsTest, a_key_without_rates_by_model_has_those_of_the_deployment) {
    const auto record = test::member_record();
    EXPECT_EQ(refused(record, {"fast", "fast"}), "model_per_key requests");
    EXPECT_EQ(refused(record, {"alias", "fast"}), "model_per_key requests");
    EXPECT_EQ(refused(record, {"slow", "slow"}), "model_per_key tokens");
    EXPECT_EQ(refused(record, {"other", "other"}), "");
    auto wide = test::key_record();
    wide.limits.rpm = 1000;
    EXPECT_EQ(refused(wide, {"fast", "fast"}), "model_per_key requests");
}

TEST_F(KeyTermsTest, they_are_of_that_model_alone_whatever_names_are_like_it) {
    EXPECT_EQ(refused(test::key_record(), {"openai/fast", "openai/fast"}), "");
    EXPECT_EQ(refused(test::key_record(), {"fast", "other"}), "");
    EXPECT_EQ(
        refused(test::key_record(R"({"model_tpm_limit":{"fast":100}})"), {"openai/fast", "fast"}),
        "model_per_key requests");
}

TEST_F(KeyTermsTest, rates_of_the_key_or_its_team_go_before_those_of_the_same_kind) {
    for (const char* doc : {R"({"metadata":{"model_rpm_limit":{"fast":100}}})",
                            R"({"model_rpm_limit":{"other":100}})",
                            R"({"model_max_budget":{"other":{"max_budget":1,"rpm_limit":100}}})"}) {
        EXPECT_EQ(refused(test::key_record(doc), {"fast", "fast"}), "") << doc;
        EXPECT_EQ(refused(test::key_record(doc), {"slow", "slow"}), "model_per_key tokens") << doc;
    }
    auto record = test::member_record();
    record.team.doc = R"({"metadata":{"model_rpm_limit":{"other":100}}})";
    EXPECT_EQ(refused(record, {"fast", "fast"}), "");
    EXPECT_EQ(refused(record, {"slow", "slow"}), "model_per_key tokens");
}

TEST_F(KeyTermsTest, each_key_has_its_own) {
    auto one = test::key_record(), other = test::key_record();
    other.id = 8;
    for (const auto& record : {one, other}) {
        const std::shared_ptr<const Limits> of =
            test::principal_of(record, *subjects, test::nothing_spent, terms);
        Grant grant;
        EXPECT_FALSE(grant.take(
            {&of, 1},
            {.model = {"fast", "fast"}, .tokens = 5, .now = test::kNow, .seconds = kSecond}));
    }
}

TEST_F(KeyTermsTest, priorities_are_those_that_something_is_reserved_for) {
    Config config;
    EXPECT_TRUE(key_terms(config).priorities.empty());
    PrioritySettings settings;
    settings.shares = {{"prod", PriorityShare::Of::percent, 0.5, {}},
                       {"dev", PriorityShare::Of::rpm, 5, {}}};
    config.litellm.priorities = std::make_shared<const PrioritySettings>(settings);
    EXPECT_THAT(key_terms(config).priorities, testing::ElementsAre("dev", "prod"));
}

// LiteLLM's rule.
TEST_F(KeyTermsTest, the_priority_is_the_teams_before_the_keys) {
    struct Row {
        const char *key, *team, *is;
    };
    for (const Row& row : {
             Row{"{}", "{}", ""},
             Row{R"({"metadata":{"priority":"dev"}})", "{}", "dev"},
             Row{R"({"metadata":{"priority":"dev"}})", R"({"metadata":{"priority":"prod"}})",
                 "prod"},
             Row{R"({"metadata":{"priority":"dev"}})", R"({"metadata":{"priority":null}})", "dev"},
             Row{R"({"priority":"dev"})", R"({"metadata":{"tags":["a"]}})", ""},
             Row{R"({"metadata":{"priority":2}})", "{}", "2"},
             Row{R"({"metadata":{"priority":["a","b"]}})", "{}", ""},
         }) {
        auto record = test::member_record(row.key);
        record.team.doc = row.team;
        EXPECT_EQ(test::principal_of(record, *subjects)->priority, row.is) << row.key << row.team;
    }
}

}  // namespace
}  // namespace patchbay::access
