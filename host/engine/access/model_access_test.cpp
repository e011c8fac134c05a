#include "engine/access/model_access.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/routing_group.hpp"
#include "engine/access/access_sample.hpp"

namespace patchbay::access {
namespace {

using testing::HasSubstr;

struct Groups {
    Groups() {
        fast.group = "fast";
        fast.info_given["access_groups"] = boost::json::array{"beta", "cheap"};
        wild.group = "openai/*";
    }
    Deployment fast, wild;
    ModelGroup named{"fast", {&fast}};
    ModelGroup alias{"speedy", {&fast}};
    ModelGroup pattern{"openai/*", {&wild}};
};

TEST(ModelAccess, a_list_holds_names_groups_patterns_and_words_for_all) {
    const Groups groups;
    struct Row {
        std::string models;
        const ModelGroup* group;
        std::string asked;
        bool holds;
    };
    for (const Row& row : {
             Row{"[]", &groups.named, "fast", true},
             Row{"null", &groups.named, "fast", true},
             Row{R"(["all-proxy-models"])", &groups.named, "fast", true},
             Row{R"(["*"])", &groups.named, "fast", true},
             Row{R"(["all-team-models"])", &groups.named, "fast", true},
             Row{R"(["fast"])", &groups.named, "fast", true},
             Row{R"([7])", &groups.named, "fast", false},
             Row{R"({"fast": true})", &groups.named, "fast", false},
             Row{R"(["slow", "fast"])", &groups.named, "fast", true},
             Row{R"(["slow"])", &groups.named, "fast", false},
             Row{R"(["no-default-models"])", &groups.named, "fast", false},
             Row{R"(["fas"])", &groups.named, "fast", false},
             Row{R"(["beta"])", &groups.named, "fast", true},
             Row{R"(["gamma"])", &groups.named, "fast", false},
             Row{R"(["fast"])", &groups.alias, "speedy", true},
             Row{R"(["speedy"])", &groups.alias, "speedy", true},
             Row{R"(["openai/*"])", &groups.pattern, "openai/gpt-4o", true},
             Row{R"(["openai/gpt-4o"])", &groups.pattern, "openai/gpt-4o", true},
             Row{R"(["openai/gpt-4o"])", &groups.pattern, "openai/o1", false},
             Row{R"(["openai/gpt-*"])", &groups.pattern, "openai/o1", false},
             Row{R"(["anthropic/*"])", &groups.pattern, "openai/o1", false},
             Row{R"(["openai/*"])", &groups.pattern, "gpt-4o", true},
             Row{R"(["openai/gpt-*"])", &groups.pattern, "gpt-4o", true},
             Row{R"(["openai/gpt-*"])", &groups.pattern, "o1", false},
             Row{R"(["anthropic/*"])", &groups.pattern, "gpt-4o", false},
             Row{R"(["openai/*"])", &groups.named, "fast", false},
         }) {
        SubjectTable subjects;
        const auto principal =
            test::principal_of(test::key_record(R"({"models":)" + row.models + "}"), subjects);
        EXPECT_EQ(!check_model(*principal, *row.group, row.asked), row.holds)
            << row.models << " " << row.asked;
    }
}

TEST(ModelAccess, a_routing_group_is_a_model_of_its_own) {
    const RoutingGroup routing{"any", {}, {}, {}, {}};
    Deployment fast, slow;
    fast.group = "fast";
    slow.group = "slow";
    fast.info_given["access_groups"] = boost::json::array{"beta", "all"};
    slow.info_given["access_groups"] = boost::json::array{"all"};
    ModelGroup group{"any", {&fast, &slow}};
    group.routing = &routing;
    SubjectTable subjects;
    const auto allowed = [&](const std::string& models) {
        const auto principal =
            test::principal_of(test::key_record(R"({"models":)" + models + "}"), subjects);
        return !check_model(*principal, group, "any");
    };
    EXPECT_TRUE(allowed(R"(["any"])"));
    EXPECT_FALSE(allowed(R"(["fast"])")) << "the model of its first deployment";
    EXPECT_TRUE(allowed(R"(["all"])"));
    EXPECT_FALSE(allowed(R"(["beta"])")) << "it has the first one alone";
}

TEST(ModelAccess, every_list_must_hold_the_model_and_the_refusal_names_the_one_that_does_not) {
    const Groups groups;
    struct Row {
        std::string key, team, organization, type;
    };
    for (const Row& row : {
             Row{"[]", "[]", "[]", ""},
             Row{R"(["slow"])", "[]", "[]", "key_model_access_denied"},
             Row{"[]", R"(["slow"])", "[]", "team_model_access_denied"},
             Row{R"(["all-team-models"])", R"(["slow"])", "[]", "team_model_access_denied"},
             Row{"[]", R"(["fast"])", R"(["slow"])", "org_model_access_denied"},
         }) {
        SubjectTable subjects;
        auto record = test::member_record(R"({"models":)" + row.key + "}");
        record.user.doc = R"({"models":["slow"]})";  // a team's key does not ask the user's
        record.team.doc = R"({"models":)" + row.team + "}";
        record.organization.doc = R"({"models":)" + row.organization + "}";
        const auto principal = test::principal_of(record, subjects);
        const auto refused = check_model(*principal, groups.named, "fast");
        EXPECT_EQ(refused ? refused->type : "", row.type);
        if (refused) {
            EXPECT_EQ(refused->status(), 403);
        }
    }
}

TEST(ModelAccess, the_words_are_litellms) {
    SubjectTable subjects;
    const auto principal =
        test::principal_of(test::key_record(R"({"models":["slow","cheap-*"]})"), subjects);
    const auto refused = check_unknown_model(*principal, "gone");
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->message,
              "key not allowed to access model. This key can only access models=['slow', "
              "'cheap-*']. Tried to access gone");
    EXPECT_EQ(refused->param, "model");
}

TEST(ModelAccess, a_document_that_cannot_be_read_is_no_list_of_everything) {
    SubjectTable subjects;
    std::string why;
    EXPECT_EQ(make_principal(test::key_record("{\"models\":"), {}, subjects, test::nothing_spent,
                             test::kNow, why),
              nullptr);
    EXPECT_THAT(why, HasSubstr("a key"));
}

}  // namespace
}  // namespace patchbay::access
