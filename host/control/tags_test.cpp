#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/test_support.hpp"
#include "store/ledger_counters.hpp"
#include "store/ledger_store.hpp"

namespace patchbay::control {
namespace {

using testing::HasSubstr;

class TagsTest : public ControlTest {
  protected:
    // A call that costs `charge`, with these tags, in a batch of its own.
    void spend(std::int64_t charge, const std::vector<std::string>& tags) {
        auto ledger = store::LedgerStore::open(address());
        ASSERT_TRUE(ledger);
        std::string packed;
        for (const std::string& tag : tags) {
            store::counters::pack(store::counters::of_tag(tag), packed);
        }
        store::LedgerLine line;
        line.seq = ++seq;
        line.call[0] = static_cast<std::uint8_t>(seq);
        line.attempt = 1;
        line.started_us = line.ended_us = 1'795'907'153'000'000;
        line.cost = line.charge = charge;
        line.counters = packed;
        store::LedgerSource source;
        source.lines = {line};
        ASSERT_TRUE(ledger->post({source}));
        EXPECT_TRUE(ledger->check()->empty());
    }
    std::int64_t seq = 0;
};
INSTANTIATE_TEST_SUITE_P(On, TagsTest, store::test::kBoth, store::test::kind_name);

TEST_P(TagsTest, a_tag_is_made_changed_shown_and_deleted) {
    const Reply made = post("/tag/new", R"({"name":"prod","description":"d","max_budget":1.5,
        "budget_duration":"1d","models":["m"],"model_max_budget":{"m":{"budget_limit":1}}})");
    ASSERT_EQ(made.status, 200) << made.text;
    EXPECT_EQ(text(made["message"]), "Tag prod created successfully");
    EXPECT_EQ(text(made["tag"].at("max_budget")), "1.5");
    EXPECT_EQ(post("/tag/new", R"({"name":"prod"})").status, 400);
    EXPECT_EQ(post("/tag/new", R"({"name":""})").status, 422);
    EXPECT_EQ(post("/tag/new", "{}").status, 422);
    EXPECT_EQ(post("/tag/update", R"({"name":"prod","max_budget":2})").status, 200);
    const Reply info = post("/tag/info", R"({"names":["prod","other"]})");
    EXPECT_EQ(text(info["prod"].at("max_budget")), "2");
    EXPECT_EQ(text(info["prod"].at("models")), R"(["m"])");
    EXPECT_EQ(post("/tag/update", R"({"name":"other"})").status, 404);
    EXPECT_EQ(post("/tag/delete", R"({"name":"prod"})").status, 200);
    EXPECT_EQ(post("/tag/info", R"({"names":["prod"]})").status, 404);
}

TEST_P(TagsTest, spend_by_tag_is_what_the_books_say) {
    post("/tag/new", R"({"name":"prod"})");
    spend(100, {"prod", "blue"});
    spend(1, {"blue"});
    spend(1000, {});
    EXPECT_EQ(get("/spend/tags").text,
              R"([{"individual_request_tag":"blue","log_count":2,"total_spend":1.01e-07},)"
              R"({"individual_request_tag":"prod","log_count":1,"total_spend":1e-07}])");
    EXPECT_EQ(get("/global/spend/tags?tags=prod").text,
              R"({"spend_per_tag":[{"name":"prod","spend":1e-07,"log_count":1}]})");
    EXPECT_EQ(get("/spend/tags?start_date=2020-01-01&end_date=2020-01-02").text, "[]");
    EXPECT_EQ(get("/spend/tags?start_date=2020-01-01&end_date=2999-01-02").body.as_array().size(),
              2u);
    const Reply list = get("/tag/list");
    ASSERT_EQ(list.body.as_array().size(), 2u);
    EXPECT_EQ(text(list.body.at(0).at("spend")), "1e-07");
    EXPECT_EQ(text(list.body.at(1).at("name")), "blue");
}

TEST_P(TagsTest, budgets_in_documents_that_are_none_are_refused_with_their_place) {
    for (const char* path : {"/key/generate", "/team/new", "/user/new", "/budget/new"}) {
        const Reply refused = post(path, R"({"model_max_budget":{"m":{"budget_limit":-1}}})");
        EXPECT_EQ(refused.status, 400) << path;
        EXPECT_THAT(refused.message(), HasSubstr("model_max_budget.m.max_budget: ")) << path;
    }
    const Reply windows = post("/key/generate", R"({"budget_limits":[{"max_budget":1,
        "budget_duration":"1d"},{"max_budget":1,"budget_duration":"soon"}]})");
    EXPECT_EQ(windows.status, 400);
    EXPECT_THAT(windows.message(), HasSubstr("budget_limits.1.budget_duration: "));
    const Reply good = post("/key/generate", R"({"budget_limits":[{"max_budget":1,
        "budget_duration":"1d"}],"model_max_budget":{"m":1}})");
    ASSERT_EQ(good.status, 200) << good.text;
}

TEST_P(TagsTest, rates_that_are_guaranteed_fit_into_the_teams) {
    post("/team/new", R"({"team_id":"red","rpm_limit":100,"tpm_limit":1000})");
    const auto key = [&](const std::string& more) {
        return post("/key/generate", R"({"team_id":"red",)" + more + "}");
    };
    EXPECT_EQ(key(R"("rpm_limit":60,"rpm_limit_type":"guaranteed_throughput")").status, 200);
    EXPECT_EQ(key(R"("rpm_limit":90)").status, 200) << "best effort";
    const Reply refused = key(R"("rpm_limit":50,"rpm_limit_type":"guaranteed_throughput")");
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(refused.message(),
              "Allocated RPM limit=60 + Key RPM limit=50 is greater than team RPM limit=100");
    const Reply fits = key(R"("rpm_limit":40,"rpm_limit_type":"guaranteed_throughput")");
    ASSERT_EQ(fits.status, 200);
    const std::string own = text(fits["key"]);
    EXPECT_EQ(post("/key/update", R"({"key":")" + own + R"(","rpm_limit":41})").status, 400);
    EXPECT_EQ(post("/key/update", R"({"key":")" + own + R"(","rpm_limit":39})").status, 200);
    EXPECT_EQ(key(R"("tpm_limit_type":"sometimes")").status, 422);
}

}  // namespace
}  // namespace patchbay::control
